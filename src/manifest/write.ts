import { randomBytes } from 'node:crypto';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { err, ok } from '../domain/index.ts';
import type { Problem, Result, UnitId } from '../domain/index.ts';
import { editCopy } from './edit.ts';
import type { Edit } from './edit.ts';
import { sha256 } from './hash.ts';
import { MAX_BYTES, explain } from './read.ts';

/**
 * Replaces a file whole: at any moment, and after a crash, it has either its old bytes or the new ones. Follows links, keeps
 * the mode, leaves nothing behind when it fails.
 *
 * @param expected sha256 of what the file should hold now; a file that holds anything else was edited meanwhile and stays.
 */
export async function writeAtomically(
  file: string,
  bytes: Uint8Array,
  expected: string,
): Promise<Result<void, Problem>> {
  let temporary: string | null = null;
  try {
    const target = await realpath(file);
    const mode = (await stat(target)).mode & 0o7777;
    if (sha256(await readFile(target)) !== expected) return err(changedMeanwhile(file));
    if (sha256(bytes) === expected) return ok(undefined);
    temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(bytes);
      // The mode given to open() is subject to the umask.
      await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // Asked again as late as possible: writing and syncing took time in which an editor may have saved.
    if (sha256(await readFile(target)) !== expected) return err(changedMeanwhile(file));
    await rename(temporary, target);
    temporary = null;
    await syncDirectory(dirname(target));
    return ok(undefined);
  } catch (error) {
    return err({
      where: file,
      what: `The file could not be written: ${explain(error)}.`,
      remedy:
        'Make room, or make the file and its folder writable, and run again; nothing was changed.',
    });
  } finally {
    if (temporary !== null) await rm(temporary, { force: true });
  }
}

const changedMeanwhile = (file: string): Problem => ({
  where: file,
  what: 'The file was edited by somebody else meanwhile.',
  remedy: 'Run again: the edit is made on the file as it is now.',
});

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export interface Projection {
  readonly changed: boolean;
  /** Units to tick that the person's copy no longer has. */
  readonly skipped: readonly UnitId[];
}

const ATTEMPTS = 3;

/** Makes the same edit on a person's own copy of the manifest, whatever else they changed in it. */
export async function projectEdit(file: string, edit: Edit): Promise<Result<Projection, Problem>> {
  let result: Result<Projection, Problem> = err(changedMeanwhile(file));
  for (let attempt = 0; attempt < ATTEMPTS && !result.ok; attempt += 1) {
    const before = await currentBytes(file);
    if (!before.ok) return before;
    const edited = editCopy(before.value, edit);
    if (!edited.ok) return err({ ...edited.error, where: file });
    const { bytes, missing } = edited.value;
    const hash = sha256(before.value);
    const written = await writeAtomically(file, bytes, hash);
    result = written.ok ? ok({ changed: sha256(bytes) !== hash, skipped: missing }) : written;
  }
  return result;
}

async function currentBytes(file: string): Promise<Result<Buffer, Problem>> {
  const remedy = 'Put the manifest back, or start from the run branch.';
  try {
    if ((await stat(file)).size > MAX_BYTES)
      return err({ where: file, what: 'The file has over 4 MiB.', remedy });
    return ok(await readFile(file));
  } catch (error) {
    return err({ where: file, what: `The file could not be read: ${explain(error)}.`, remedy });
  }
}
