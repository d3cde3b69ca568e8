// Installs the agent CLIs that test/agents pins and runs the tests that need them. Arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const agents = fileURLToPath(new URL('../test/agents', import.meta.url));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

const run = (command, args, options) =>
  spawnSync(command, args, { stdio: 'inherit', ...options }).status ?? 1;

const installed = () => run(npm, ['ls', '--silent'], { cwd: agents, stdio: 'ignore' }) === 0;
// The newest one declares a newer Node.js than our floor, but ships a binary of its own that does not need it.
const install = () =>
  run(npm, ['ci', '--engine-strict=false', '--no-audit', '--no-fund'], { cwd: agents });

process.exitCode = installed() ? 0 : install();
if (process.exitCode === 0) {
  const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
  const config = fileURLToPath(new URL('../test/agents/vitest.config.ts', import.meta.url));
  const args = [vitest, 'run', '--config', config, ...process.argv.slice(2)];
  process.exitCode = run(process.execPath, args, { cwd: root });
}
