import { createHash } from 'node:crypto';
import { chmod, copyFile, lstat, mkdir, readFile, readlink, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { err, ok } from '../domain/index.ts';
import type { Problem, Result } from '../domain/index.ts';
import { expectOk, gitProblem, succeeded } from './git.ts';
import { parseRaw } from './harvested.ts';
import { inPlain } from './store.ts';
import type { Repository } from './store.ts';

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
  const changes = parseDiff(raw.value).filter(
    ({ path }) => ![...repo.hidden].some((folder) => path.startsWith(`${folder}/`)),
  );
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
    const now = await blobOf(repo, join(repo.project, change.path));
    if (now === change.after) continue;
    if (now !== change.before) {
      kept.push(change.path);
      continue;
    }
    await place(join(staging, change.path), join(repo.project, change.path), change.after === null);
    files.push(change.path);
  }
  await Promise.all([staging, index].map((path) => rm(path, { recursive: true, force: true })));
  return ok({ files, kept });
}

interface Difference {
  readonly path: string;
  /** Blob before and after; null where there is no file. */
  readonly before: string | null;
  readonly after: string | null;
}

function parseDiff(output: string): Difference[] {
  const before = new Map<string, string>();
  const fields = output.split('\0');
  for (let index = 0; index + 1 < fields.length; index += 2) {
    before.set(fields[index + 1] ?? '', (fields[index] ?? '').split(' ')[2] ?? '');
  }
  const orNull = (blob: string) => (/^0+$/.test(blob) ? null : blob);
  return parseRaw(output).changes.map(({ path, blob }) => ({
    path,
    before: orNull(before.get(path) ?? ''),
    after: orNull(blob),
  }));
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
