import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { diagnose } from './source.ts';
import type { Diagnostic } from '../domain/index.ts';
import { explain } from './read.ts';

/** Files open at the same time. */
export const CONCURRENCY = 32;

export interface Folder {
  /** Names of files, sorted; links are followed. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What is in a directory, hidden entries aside. One that does not exist is empty; one that cannot be read is a fault. */
export async function readFolder(directory: string): Promise<Folder> {
  const files: string[] = [];
  const folders: string[] = [];
  const diagnostics: Diagnostic[] = [];
  const unreadable = (path: string, error: unknown) => {
    const message = `This cannot be read: ${explain(error)}.`;
    diagnostics.push(
      diagnose({ file: path, line: 1, column: 1 }, { rule: 'file-unreadable', message }),
    );
  };
  try {
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      const path = join(directory, entry.name);
      try {
        const kind = entry.isSymbolicLink() ? await stat(path) : entry;
        if (kind.isDirectory()) folders.push(entry.name);
        else files.push(entry.name);
      } catch (error) {
        // A broken link in a file's place is found out by whoever reads the file.
        if (entry.name.endsWith('.md')) files.push(entry.name);
        else unreadable(path, error);
      }
    }
  } catch (error) {
    if (!isMissing(error)) unreadable(directory, error);
  }
  return { files: files.sort(), folders: folders.sort(), diagnostics };
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
