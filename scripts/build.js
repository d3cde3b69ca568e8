// Builds dist/ when the compiler is there; a production install (`npm ci --omit=dev`) ships dist/ already.
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

const tsc = new URL('../node_modules/typescript/bin/tsc', import.meta.url).pathname;
if (existsSync(tsc)) {
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
