import { open } from 'node:fs/promises';
import { err, ok } from '../domain/index.ts';
import type { Diagnostic, Result } from '../domain/index.ts';
import type { Fault, Source } from './source.ts';
import { diagnose, toSource } from './source.ts';

/** Bytes a file of a spec may have. */
export const MAX_BYTES = 4 * 1024 * 1024;

/** Reads a text file of at most 4 MiB; the size is asked before anything is read. */
export async function readSource(file: string): Promise<Result<Source, Diagnostic>> {
  const bytes = await readBytes(file);
  if (!bytes.ok) return err(diagnose({ file, line: 1, column: 1 }, bytes.error));
  return decode(bytes.value, file);
}

async function readBytes(file: string): Promise<Result<Buffer, Fault>> {
  try {
    const handle = await open(file, 'r');
    try {
      const stat = await handle.stat();
      if (!stat.isFile())
        return err({ rule: 'file-unreadable', message: 'This is not a regular file.' });
      if (stat.size > MAX_BYTES) return err(tooLarge(stat.size));
      const bytes = await handle.readFile();
      return bytes.length > MAX_BYTES ? err(tooLarge(bytes.length)) : ok(bytes);
    } finally {
      await handle.close();
    }
  } catch (error) {
    return err({ rule: 'file-unreadable', message: `The file cannot be read: ${explain(error)}.` });
  }
}

const tooLarge = (bytes: number): Fault => ({
  rule: 'file-too-large',
  message: `The file has ${(bytes / 1024 / 1024).toFixed(1)} MiB; at most 4 are read.`,
});

/** What the operating system's error code means, in a few words. */
export function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return WORDS[code] ?? (error instanceof Error ? error.message : String(error));
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'its symbolic links go round in a circle',
  EISDIR: 'it is a directory',
  ENOTDIR: 'part of its path is not a directory',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would grow over the allowed size',
  EROFS: 'the file system is read-only',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many files are open',
};

/** Bytes → source: UTF-8 text without NUL, not empty. */
export function decode(bytes: Uint8Array, file: string): Result<Source, Diagnostic> {
  const fail = (fault: Fault) => err(diagnose({ file, line: 1, column: 1 }, fault));
  const nul = bytes.indexOf(0);
  if (nul !== -1) {
    return fail({ rule: 'file-not-text', message: `The file is binary: byte ${nul} is NUL.` });
  }
  let raw: string;
  try {
    raw = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return fail({ rule: 'file-not-text', message: 'The file is not valid UTF-8.' });
  }
  const source = toSource(raw, file);
  return source.text.trim() === '' ? fail(EMPTY) : ok(source);
}

export const EMPTY: Fault = { rule: 'file-empty', message: 'The file is empty.' };
