import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

export interface DetachedPlan {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment of the child. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes stdout and stderr, from an empty file on. Its folder exists. */
  readonly logFile: string;
}

export interface Detached {
  readonly pid: number | undefined;
  /** Exit code, once it ended; null when a signal ended it or it never started. */
  readonly ended: Promise<number | null>;
  /** From now on this process does not wait for it. */
  letGo(): void;
}

/**
 * Starts a program of ours that outlives this process: a session of its own, no terminal, output to a file. The one exception to the rule
 * that what is started here ends with us; never for anything an agent could influence.
 */
export function startDetached({ command, cwd, env, logFile }: DetachedPlan): Detached {
  const [program, ...args] = command;
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
    child.once('error', () => resolve(null));
  });
  return { pid: child.pid, ended, letGo: () => child.unref() };
}
