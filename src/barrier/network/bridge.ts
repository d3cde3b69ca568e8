/**
 * A program: runs inside a sandbox in front of a command, and carries its routes through the wall.
 * `node bridge.js <routes as JSON> -- <command…>`. The command inherits the streams; a message channel whose descriptor is named by
 * `BRIDGE_CHANNEL_FD` (under its own name Node would read from it here) is handed on to it. Ends as the command ends.
 *
 * The one place outside `src/process` that starts a process: it takes the place of the command that `src/process` started.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Route } from '../../process/index.ts';
import { carry } from './carry.ts';

const NOT_STARTED = 127;
const NO_ROUTE = 125;

function give(code: number, message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = code;
}

function start(file: string, args: readonly string[]): void {
  const { BRIDGE_CHANNEL_FD: channel, ...env } = process.env;
  const fd = channel === undefined ? null : Number(channel);
  const child = spawn(file, args, {
    env: fd === null ? env : { ...env, NODE_CHANNEL_FD: String(fd) },
    stdio:
      fd === null
        ? 'inherit'
        : Array.from({ length: fd + 1 }, (_, at) => (at < 3 || at === fd ? at : 'ignore')),
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => child.kill(signal));
  }
  child.once('error', (error) => give(NOT_STARTED, error.message));
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    // A signal that does not end Node (SIGUSR1, SIGPIPE) is told as a shell tells it.
    setTimeout(() => process.exit(128 + constants.signals[signal]), 100);
  });
}

const [json = '[]', dashes, file, ...args] = process.argv.slice(2);
if (dashes !== '--' || file === undefined) {
  give(NO_ROUTE, 'usage: bridge.js <routes as JSON> -- <command…>');
} else {
  try {
    await carry(JSON.parse(json) as Route[]);
    start(file, args);
  } catch (error) {
    give(NO_ROUTE, `a route through the sandbox cannot be opened: ${(error as Error).message}`);
  }
}
