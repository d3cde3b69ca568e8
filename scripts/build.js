// Builds dist/ and the bundle when the compiler is there; a production install (`npm ci --omit=dev`) ships both already.
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
if (existsSync(tsc)) {
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
  if (status === 0) {
    const { bundle } = await import('./bundle.js');
    await bundle();
  }
}
