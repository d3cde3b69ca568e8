import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { expectOk } from '../git.ts';
import { inRefs } from '../store.ts';
import type { Repository } from '../store.ts';

/** Blob → one path that it was a holdout under. */
export type Holdouts = ReadonlyMap<string, string>;

/** Where spec directories are kept, or were before a repository's present layout. */
const ROOTS = ['.start/specs', 'docs/specs'];

/** In a spec directory: scenarios, stubs, and unit specs, which are another unit's secret. */
const HOLDOUT = /(^|\/)(scenarios|units)\/[^\0]+/;

/**
 * Every holdout that this repository holds or ever held: all refs, stashes and reflogs, renamed and deleted files, both sides of merges,
 * and what lies in the checkout without being committed.
 */
export async function holdoutsOf(
  repo: Pick<
    Repository,
    'git' | 'scratch' | 'gitDir' | 'hidden' | 'head' | 'project' | 'objectFormat'
  >,
): Promise<Result<Holdouts, Problem>> {
  const folders = [...new Set([...ROOTS, ...repo.hidden])];
  const listed = expectOk(
    'The history of the spec directories could not be read',
    await repo.git([...LOG, repo.head, '--', ...folders.map((path) => `:(literal,top)${path}`)], {
      at: inRefs(repo as Repository),
    }),
  );
  if (!listed.ok) return listed;
  const found = new Map(blobsIn(listed.value));
  for (const folder of folders)
    for (const [blob, path] of await inCheckout(repo, folder))
      if (!found.has(blob)) found.set(blob, path);
  found.delete(blobId(Buffer.alloc(0), repo.objectFormat));
  return ok(found);
}

const LOG = [
  'log',
  '--all',
  '--reflog',
  '--full-history',
  '-m',
  '-z',
  '--raw',
  '--no-abbrev',
  '--no-renames',
  '--format=',
];

/** Both sides of every change: what was deleted is still in the repository. */
function* blobsIn(output: string): Iterable<[string, string]> {
  const fields = output.split('\0');
  for (let index = 0; index + 1 < fields.length; index += 1) {
    const raw = /:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) [A-Z]/.exec(fields[index] ?? '');
    if (raw === null) continue;
    const path = fields[(index += 1)] ?? '';
    if (!HOLDOUT.test(path)) continue;
    const sides = [
      [raw[1], raw[3]],
      [raw[2], raw[4]],
    ] as const;
    for (const [mode = '', blob = ''] of sides)
      // A nested repository is no blob, and a side that is missing is all zeros.
      if (mode.startsWith('1') && mode !== '160000' && /[^0]/.test(blob)) yield [blob, path];
  }
}

/** Files of a spec directory that may be in no commit yet. */
async function inCheckout(
  { project, objectFormat }: Pick<Repository, 'project' | 'objectFormat'>,
  folder: string,
): Promise<[string, string][]> {
  const names = await readdir(join(project, folder), {
    recursive: true,
    withFileTypes: true,
  }).catch(() => []);
  const files = names
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => HOLDOUT.test(file.slice(project.length + 1)));
  return Promise.all(
    files.map(async (file): Promise<[string, string]> => [
      blobId(await readFile(file), objectFormat),
      file.slice(project.length + 1),
    ]),
  );
}

/** What git would call these bytes. */
const blobId = (bytes: Uint8Array, objectFormat: string): string =>
  createHash(objectFormat === 'sha256' ? 'sha256' : 'sha1')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex');
