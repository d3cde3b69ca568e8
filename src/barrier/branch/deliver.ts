import { createHash } from 'node:crypto';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readFile,
  readlink,
  rm,
  rmdir,
  symlink,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { err, ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { expectOk, gitProblem, succeeded } from '../git.ts';
import { parseRaw } from '../landing/raw.ts';
import { inPlain } from '../store.ts';
import type { Repository } from '../store.ts';

export interface Delivered {
  /** Paths written or removed in the project. */
  readonly files: readonly string[];
  /** Paths that a person changed since the base: left alone, to be escalated. */
  readonly kept: readonly string[];
}

/**
 * Copies what changed from one commit to another into a project without git. A file that is no longer as it was in `from` is a
 * person's: nothing is written over it. Spec directories are not delivered; their manifest is projected by its owner.
 */
export async function deliver(
  repo: Repository,
  { from, to }: { from: string; to: string },
): Promise<Result<Delivered, Problem>> {
  const at = inPlain(repo);
  const raw = expectOk(
    'The result could not be compared with the project',
    await repo.git(['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--no-renames', from, to], {
      at,
    }),
  );
  if (!raw.ok) return raw;
  const visible = parseDiff(raw.value).filter(
    ({ path }) => ![...repo.hidden].some((folder) => path.startsWith(`${folder}/`)),
  );
  // Deletions first: a folder may have become a file.
  const changes = [
    ...visible.filter(({ after }) => after === null),
    ...visible.filter(({ after }) => after !== null),
  ];
  if (changes.length === 0) return ok({ files: [], kept: [] });

  const staging = join(repo.scratch, 'delivery');
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  const index = join(repo.scratch, 'delivery-index');
  await rm(index, { force: true });
  const written = await repo.git(['read-tree', '-u', '--reset', to], {
    at: { ...at, cwd: staging, workTree: staging, index },
  });
  if (!succeeded(written)) return err(gitProblem('The result could not be checked out', written));

  const files: string[] = [];
  const kept: string[] = [];
  for (const change of changes) {
    const done = await bring(repo, change, staging);
    if (done !== 'there already') (done === 'brought' ? files : kept).push(change.path);
  }
  await Promise.all([staging, index].map((path) => rm(path, { recursive: true, force: true })));
  return ok({ files, kept });
}

interface Difference {
  readonly path: string;
  /** Blob before and after; null where there is no file. */
  readonly before: string | null;
  readonly after: string | null;
  /** The new mode, where nothing but the mode changed; else null. */
  readonly mode: string | null;
}

function parseDiff(output: string): Difference[] {
  const before = new Map<string, readonly string[]>();
  const fields = output.split('\0');
  for (let index = 0; index + 1 < fields.length; index += 2) {
    before.set(fields[index + 1] ?? '', (fields[index] ?? '').split(' '));
  }
  const orNull = (blob: string) => (/^0+$/.test(blob) ? null : blob);
  return parseRaw(output).map(({ path, blob, mode }) => {
    const [oldMode = '', , oldBlob = ''] = before.get(path) ?? [];
    return {
      path,
      before: orNull(oldBlob),
      after: orNull(blob),
      mode: oldBlob === blob && oldMode.slice(1) !== mode ? mode : null,
    };
  });
}

/** Brings one change into the project, unless a person changed the file. */
async function bring(
  repo: Repository,
  { path, before, after, mode }: Difference,
  staging: string,
): Promise<'brought' | 'kept' | 'there already'> {
  const to = join(repo.project, path);
  const now = await blobOf(repo, to);
  if (now !== after && now !== before) return 'kept';
  if (now === after && (mode === null || mode === (await modeOf(to)))) return 'there already';
  await place(join(staging, path), to, after === null);
  if (after === null) await removeEmpty(dirname(to), repo.project);
  return 'brought';
}

async function modeOf(path: string): Promise<string> {
  const stat = await lstat(path);
  if (stat.isSymbolicLink()) return '120000';
  return (stat.mode & 0o100) === 0 ? '100644' : '100755';
}

/** A folder whose last file went goes too, as git does it. */
async function removeEmpty(folder: string, project: string): Promise<void> {
  if (folder === project) return;
  const removed = await rmdir(folder).then(
    () => true,
    // Something is left in it.
    () => false,
  );
  if (removed) await removeEmpty(dirname(folder), project);
}

/** Git's name for the file as it is on disk, null when it is missing, `other` for a folder or device. */
async function blobOf(repo: Repository, path: string): Promise<string | null> {
  const stat = await lstat(path).catch(() => null);
  if (stat === null) return null;
  if (!stat.isFile() && !stat.isSymbolicLink()) return 'other';
  const bytes = stat.isFile() ? await readFile(path) : Buffer.from(await readlink(path));
  return createHash(repo.objectFormat === 'sha256' ? 'sha256' : 'sha1')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex');
}

async function place(from: string, to: string, remove: boolean): Promise<void> {
  await rm(to, { force: true });
  if (remove) return;
  await mkdir(dirname(to), { recursive: true });
  const stat = await lstat(from);
  if (stat.isSymbolicLink()) {
    await symlink(await readlink(from), to);
    return;
  }
  await copyFile(from, to);
  await chmod(to, stat.mode);
}
