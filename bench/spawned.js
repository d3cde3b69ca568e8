import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../bin/implement-factory.js', import.meta.url));
const RSS_HOOK = fileURLToPath(new URL('rss-hook.cjs', import.meta.url));

/** The command line of our program. */
export const factory = (...args) => [process.execPath, CLI, ...args];

/** The same, telling its memory on descriptor 3. */
export const weighed = (...args) => [process.execPath, '--require', RSS_HOOK, CLI, ...args];

/** The smallest thing Node does: the yardstick of everything that starts it. */
export const bareNode = [process.execPath, '-e', '0'];

/**
 * Runs a program to its end. `ms`: wall clock from before the spawn to the end of the process and its output. `peakMiB` and
 * `memory`, `{ at, mib }` all through: of a `weighed` one. Throws when it does not exit with 0, because the cost of a failure is no measurement.
 */
export async function spawned([file, ...args], cwd, env = {}) {
  const began = performance.now();
  const child = spawn(file, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const [[code], stdout, stderr, weight] = await Promise.all([
    once(child, 'close'),
    text(child.stdout),
    text(child.stderr),
    text(child.stdio[3]),
  ]);
  const ms = performance.now() - began;
  if (code !== 0)
    throw new Error(`${[file, ...args].join(' ')} exited with ${code}\n${stderr.slice(-2000)}`);
  if (weight === '') return { ms, stdout };
  const { peakKiB, samples } = JSON.parse(weight);
  const memory = samples.map(([at, bytes]) => ({ at, mib: bytes / 1024 ** 2 }));
  return { ms, stdout, peakMiB: peakKiB / 1024, memory };
}
