import type { Problem } from '../domain/index.ts';

/** Whether the operating system refused something: no bug of ours, and nothing that a product or an agent is to blame for. */
export const isMachines = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'code' in error;

const FULL = {
  what: 'the disk is full',
  remedy: 'Free some space, then start the same command again.',
};
const FORBIDDEN = {
  what: 'it may not be read or written',
  remedy:
    'Make it accessible to the user who starts the run (the cache folder can be moved with XDG_CACHE_HOME), then start the same command again.',
};
const WORDS: Readonly<Record<string, { what: string; remedy: string }>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  EROFS: FORBIDDEN,
};

/** What the operating system refused, told to a person. */
export function machineProblem({
  path,
  syscall = '',
  code = '',
  message,
}: NodeJS.ErrnoException): Problem {
  // Node's recursive mkdir says that a folder does not exist when it is the parent that may only be read.
  const known = code === 'ENOENT' && syscall === 'mkdir' ? FORBIDDEN : WORDS[code];
  return {
    where: path ?? syscall,
    what:
      known === undefined
        ? `The system answered ${message}.`
        : `The system answered ${code}: ${known.what}.`,
    remedy:
      known?.remedy ??
      'Put that right, then start the same command again: it goes on where it stopped.',
  };
}

const NAMED_WRONG: ReadonlySet<string> = new Set([
  'EACCES',
  'EEXIST',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOTDIR',
  'EPERM',
  'EROFS',
]);

/** Whether a file or folder that a person named is the fault, so that the same command would never go on. */
export const isNamedWrong = (error: unknown): error is NodeJS.ErrnoException =>
  isMachines(error) && NAMED_WRONG.has(error.code ?? '');
