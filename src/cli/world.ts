import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import type { Readable, Writable } from 'node:stream';
import { getProxyForUrl } from 'proxy-from-env';
import { outlivesTerminal } from './hangup.ts';

/** A terminal or a pipe to write to. */
export interface Output extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** Everything ambient, in one value: nothing else in the program reads the process it runs in. */
export interface World {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** Data. */
  readonly stdout: Output;
  /** Progress for people. */
  readonly stderr: Output;
  readonly now: () => Date;
  /** Ms of a clock that nobody sets and that rests while the machine sleeps: for how long something takes. */
  readonly ticks: () => number;
  readonly pid: number;
  /** Who runs this; -1 where there are no numbers for that. */
  readonly user: { readonly uid: number; readonly gid: number };
  readonly host: string;
  /** Path of the Node.js executable. */
  readonly node: string;
  readonly platform: string;
  /** Folder of the package: `skills/`, `examples/` are in it. */
  readonly packageDir: string;
  /** Folder for temporary files. */
  readonly temp: string;
  /** Address of the web proxy that this machine uses for a URL; empty for none. */
  readonly proxyFor: (url: string) => string;
  /** Calls back on SIGINT, SIGTERM and, unless this process outlives its terminal, SIGHUP; the answer stops that. */
  readonly onSignal: (heard: (signal: NodeJS.Signals) => void) => () => void;
  /** From now on new files can be read by everybody, whatever the umask of this process; the answer takes that back. */
  readonly shareFiles: () => () => void;
  /** Ends the process at once. */
  readonly exit: (code: number) => never;
  /** Ends the process as a closed terminal would: Node.js aborts when it cannot give back one that is gone. */
  readonly hangUp: () => void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The world of a real process. */
export function worldOf(process: NodeJS.Process): World {
  const signals = SIGNALS.filter((name) => name !== 'SIGHUP' || !outlivesTerminal(process.env));
  return {
    argv: process.argv,
    cwd: process.cwd(),
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    now: () => new Date(),
    ticks: () => performance.now(),
    pid: process.pid,
    user: { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 },
    host: hostname(),
    node: process.execPath,
    platform: process.platform,
    packageDir: join(dirname(fileURLToPath(import.meta.url)), '..', '..'),
    temp: tmpdir(),
    proxyFor: getProxyForUrl,
    onSignal(heard) {
      for (const signal of signals) process.on(signal, heard);
      return () => {
        for (const signal of signals) process.off(signal, heard);
      };
    },
    shareFiles() {
      // Of all threads only the main one may.
      if (!isMainThread) return () => undefined;
      const before = process.umask(0o022);
      process.umask(before & ~0o055);
      return () => {
        process.umask(before);
      };
    },
    exit: (code) => process.exit(code),
    hangUp() {
      process.removeAllListeners('SIGHUP');
      process.kill(process.pid, 'SIGHUP');
    },
  };
}

/** Whether a person can be asked: both ends are a terminal, and nobody said this is automation. */
export const isInteractive = ({ stdin, stderr, env }: World): boolean =>
  stdin.isTTY === true && stderr.isTTY === true && !isCi(env);

/** `CI=true` (or 1): nothing ever prompts. */
const isCi = (env: World['env']): boolean => !['', '0', 'false', undefined].includes(env['CI']);

/** Whether a view may be drawn over itself: on a terminal that can, of a width to draw in, and that nobody keeps as a log. */
export const canRedraw = ({ stderr, env }: World): boolean =>
  stderr.isTTY === true &&
  (stderr.columns === undefined || widthOf(stderr) !== undefined) &&
  !isCi(env) &&
  env['TERM'] !== 'dumb';

/** Less is no width to lay out for: a terminal that does not know its size says 0. */
const NARROWEST = 20;

/** Columns of a terminal; undefined where there is none, or it does not know. */
export const widthOf = ({ columns = 0 }: Output): number | undefined =>
  columns < NARROWEST ? undefined : columns;

/** Colour for people, unless the terminal or its user says otherwise (https://no-color.org). */
export const isColourful = ({ stderr, env }: World): boolean =>
  stderr.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
