import type { Problem, Result } from '../domain/index.ts';
import { err, ok } from '../domain/index.ts';

const full = new Set(['ENOSPC', 'EDQUOT']);
const forbidden = new Set(['EACCES', 'EPERM', 'EROFS']);

/** The errno code of a failed file operation; anything else is our own bug and is thrown on. */
export function errnoOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string')
    return error.code;
  throw error;
}

/** Node's recursive `mkdir` says that a folder does not exist when it is the parent that may only be read. */
const isUnmakable = (error: unknown): boolean =>
  errnoOf(error) === 'ENOENT' && (error as NodeJS.ErrnoException).syscall === 'mkdir';

/** A file operation that the machine refused, told as a `Problem`. */
export function fileProblem(error: unknown, file: string): Problem {
  const code = isUnmakable(error) ? 'EROFS' : errnoOf(error);
  if (full.has(code)) {
    return {
      where: file,
      what: `The disk is full (${code}): the journal of the run cannot be written.`,
      remedy:
        'Free some space, then start the same command again: the run goes on from its last whole event.',
    };
  }
  if (forbidden.has(code)) {
    return {
      where: file,
      what: `This file or its folder may not be written or read (${code}).`,
      remedy: 'Make it accessible to the user who starts the run, or run in a copy of the project.',
    };
  }
  return {
    where: file,
    what: `The file system answered ${code}: ${error instanceof Error ? error.message : code}.`,
    remedy:
      'Put that right, then start the same command again: the run goes on from its last whole event.',
  };
}

/** Runs file operations and turns what the machine refuses into a value. */
export function attempt<T>(file: string, work: () => T): Result<T, Problem> {
  try {
    return ok(work());
  } catch (error) {
    return err(fileProblem(error, file));
  }
}
