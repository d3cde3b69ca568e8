import { ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { moveBranch } from '../branch/branch-state.ts';
import { CLEAN } from '../branch/clean.ts';
import { mergeTrees } from './merge.ts';
import { writeCommit } from './objects.ts';
import type { Harvested, Repository } from '../store.ts';

interface Work {
  /** Tip of the run branch. */
  readonly head: string;
  readonly branch: string;
  readonly harvested: Harvested;
  readonly message: string;
  /** Git's raw date. */
  readonly date: string;
  readonly onTop: boolean;
}

/** What became of it. */
export type Joined =
  | { readonly kind: 'landed'; readonly commit: string }
  /** Somebody else moved the branch meanwhile. */
  | { readonly kind: 'moved' }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] };

/**
 * Merges the work with what others landed since its base, and moves the branch from its tip to the result. `onTop`: nobody landed anything
 * since, so that the work's own tree is the clean base of what comes next.
 */
export async function join(
  repo: Repository,
  { head, branch, harvested, message, date, onTop }: Work,
): Promise<Result<Joined, Problem>> {
  const { base, commit: theirs } = harvested;
  const merged = await mergeTrees(repo, { base, ours: head, theirs });
  if (!merged.ok) return merged;
  const { tree, conflicts } = merged.value;
  if (conflicts.length > 0) return ok({ kind: 'conflict', paths: conflicts });
  const [made, clean] = await Promise.all([
    writeCommit(repo, { tree, parent: head, date, message }),
    onTop ? writeCommit(repo, { ...CLEAN, tree: harvested.tree }) : null,
  ]);
  if (!made.ok) return made;
  const commit = made.value;
  repo.known.trees.set(commit, tree);
  if (clean?.ok === true) {
    repo.known.clean.set(commit, Promise.resolve(clean));
    repo.known.trees.set(clean.value, harvested.tree);
  }
  const moved = await moveBranch(repo, branch, { from: head, to: commit });
  return ok(moved ? { kind: 'landed', commit } : { kind: 'moved' });
}
