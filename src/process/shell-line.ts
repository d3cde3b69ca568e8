import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { ShortPlan } from './plan.ts';

interface Streams {
  readonly name: string;
  /** File that is its stdin. */
  readonly input: string;
  /** Folder of the files that its stdout and stderr go to. */
  readonly files: string;
}

/**
 * A plan as a command of a shell that reads it from its stdin: run beside others, in folder and environment of its own, and
 * followed by a line of its name and exit code on the shell's stdout.
 */
export function inShell({ command, cwd, env }: ShortPlan, { name, input, files }: Streams): string {
  const exports = Object.entries(env).map(([key, value]) => `export ${key}=${quoted(value)}\n`);
  const [out, err] = ['stdout', 'stderr'].map((stream) => join(files, `${name}.${stream}`));
  return `{ (
cd ${quoted(cwd)} || exit 127
${exports.join('')}exec ${command.map(quoted).join(' ')}
) <${quoted(input)} >${quoted(out ?? '')} 2>${quoted(err ?? '')}; echo "${name} $?"; } &
`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The last bytes of a file, null when there is none. */
export function readTail(file: string, most: number): Buffer | null {
  let fd: number | undefined;
  try {
    fd = openSync(file, 'r');
    const { size } = fstatSync(fd);
    const tail = Buffer.alloc(Math.min(size, most));
    return tail.subarray(0, readSync(fd, tail, 0, tail.length, size - tail.length));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return null;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
