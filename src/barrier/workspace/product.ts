import { createHash } from 'node:crypto';
import { lstat, mkdir, readlink, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { err, ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { cleanCommit } from '../branch/clean.ts';
import { checkoutUnder, STAMP } from './occupied.ts';
import { copyTrees } from './copy.ts';
import { gitProblem, succeeded } from '../git.ts';
import { handOver } from '../landing/hand-over.ts';
import type { Layer } from './layer.ts';
import { inPlain } from '../store.ts';
import type { Repository } from '../store.ts';

export interface CheckoutOptions {
  readonly commit: string;
  /** Absolute; made when it is missing. One commit at a time. */
  readonly dir: string;
  /** Installed dependencies, linked into the tree; null for none. */
  readonly layer: Layer | null;
  /** Something of the product runs in it, and may change it at any moment. */
  readonly occupied?: boolean;
}

/**
 * Brings a folder to the files of a commit, without the hidden folders and without a `.git`. Updates in place: what is gone from
 * the commit goes, what is not in git (build output) stays.
 */
export async function checkout(
  repo: Repository,
  { commit, dir, layer, occupied = false }: CheckoutOptions,
): Promise<Result<null, Problem>> {
  const place = placeOf(repo, dir);
  if (occupied && repo.sandbox.kind === 'bwrap')
    return checkoutUnder(repo, { commit, dir, layer, place });
  const clean = await cleanCommit(repo, commit);
  if (!clean.ok) return clean;
  await Promise.all([dir, place].map((path) => mkdir(path, { recursive: true })));
  const index = join(place, 'index');
  const exit = await repo.git(['read-tree', '-u', '--reset', clean.value], {
    at: { ...inPlain(repo), cwd: dir, workTree: dir, index },
  });
  if (!succeeded(exit))
    return err(gitProblem(`The product could not be checked out in ${dir}`, exit));
  const placed = layer === null ? ok(null) : await placeLayer(repo, layer, dir);
  // A product may build itself in its tree.
  if (placed.ok) await handOver(repo, [dir]);
  return placed;
}

/** Forgets a product folder that its owner removes. */
export async function forgetCheckout(repo: Repository, dir: string): Promise<void> {
  await rm(placeOf(repo, dir), { recursive: true, force: true });
}

/** Where git's own files for a product folder are, out of sight of what runs in it. */
const placeOf = (repo: Repository, dir: string): string =>
  join(repo.scratch, 'checkouts', createHash('sha256').update(dir).digest('hex').slice(0, 24));

/** Shares a layer by links, or copies it where its own links lead to the project's files (workspaces of a monorepo). */
async function placeLayer(
  repo: Repository,
  layer: Layer,
  dir: string,
): Promise<Result<null, Problem>> {
  if (!layer.selfContained) {
    return (await isCurrent(layer, dir)) ? ok(null) : copyLayer(repo, layer, dir);
  }
  for (const entry of layer.entries) {
    const target = join(layer.dir, entry);
    const link = join(dir, entry);
    const now = await readlink(link).catch(() => null);
    if (now === target) continue;
    await rm(link, { recursive: true, force: true });
    await mkdir(dirname(link), { recursive: true });
    await symlink(target, link);
  }
  return ok(null);
}

const isCurrent = (layer: Layer, dir: string): Promise<boolean> =>
  readlink(join(dir, STAMP)).then(
    (hash) => hash === layer.hash,
    () => false,
  );

async function copyLayer(
  repo: Repository,
  layer: Layer,
  dir: string,
): Promise<Result<null, Problem>> {
  for (const entry of layer.entries) {
    const there = await lstat(join(dir, entry)).catch(() => null);
    if (there !== null) await rm(join(dir, entry), { recursive: true, force: true });
  }
  const copied = await copyTrees(repo, [layer.dir], dir);
  if (!copied.ok) return copied;
  await rm(join(dir, STAMP), { force: true });
  // A link, because it is atomic and no build picks it up as a file.
  await symlink(layer.hash, join(dir, STAMP));
  return copied;
}
