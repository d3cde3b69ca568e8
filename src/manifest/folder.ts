import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
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

/**
 * What is in a directory, hidden entries aside. One that does not exist is empty; one that cannot be read is a fault, and so is
 * a link that leads out of `within`, where given.
 */
export async function readFolder(directory: string, within?: string): Promise<Folder> {
  const files: string[] = [];
  const folders: string[] = [];
  const diagnostics: Diagnostic[] = [];
  const unreadable = (path: string, error: unknown) => {
    const message = `This cannot be read: ${explain(error)}.`;
    diagnostics.push(
      diagnose({ file: path, line: 1, column: 1 }, { rule: 'file-unreadable', message }),
    );
  };
  const check = async (path: string) => {
    if (within !== undefined && (await leadsOut(path, within)))
      diagnostics.push(
        diagnose(
          { file: path, line: 1, column: 1 },
          { rule: 'link-leads-out', message: LEADS_OUT },
        ),
      );
  };
  try {
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      const path = join(directory, entry.name);
      if (entry.isSymbolicLink()) await check(path);
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

const LEADS_OUT =
  'This link leads out of the spec directory; what it leads to would not be hidden from code agents.';

/** Whether a path really is somewhere else. A broken one is found out by whoever reads it. */
async function leadsOut(path: string, within: string): Promise<boolean> {
  try {
    const way = relative(await realpath(within), await realpath(path));
    return way === '..' || way.startsWith(`..${sep}`);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
