import { err, ok } from '../domain/index.ts';
import type { Problem, Result } from '../domain/index.ts';
import { hasMoved, MOVE_TO_COMMIT, moveArguments } from './branch-state.ts';
import { gitProblem, succeeded } from './git.ts';
import { importCommit, quotePath } from './import.ts';
import { mergeTrees } from './merge.ts';
import { inPlain } from './store.ts';
import type { Harvested, Repository } from './store.ts';

interface Work {
  /** Tip of the run branch. */
  readonly head: string;
  readonly branch: string;
  readonly harvested: Harvested;
  readonly message: string;
  /** Git's raw date. */
  readonly date: string;
}

/** What became of it. */
export type Joined =
  | { readonly kind: 'landed'; readonly commit: string }
  /** Somebody else moved the branch meanwhile. */
  | { readonly kind: 'moved' }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] };

/**
 * Nothing else landed since the base, so there is nothing to merge: the same changes on top of the tip, and the clean base
 * of what comes next, in one process.
 */
export async function putOnTop(
  repo: Repository,
  { head, branch, harvested, message, date }: Work,
): Promise<Result<Joined, Problem>> {
  const gone = harvested.changes.filter(({ status }) => status === 'D');
  const there = harvested.changes.filter(({ status }) => status !== 'D');
  // Deletions first: a folder may have become a file.
  const lines = [
    ...gone.map(({ path }) => `D ${quotePath(path)}\n`),
    ...there.map(({ mode, blob, path }) => `M ${mode} ${blob} ${quotePath(path)}\n`),
  ];
  const made = await importCommit(repo, {
    date,
    message,
    parent: head,
    changes: lines.join(''),
    cleanTree: harvested.tree,
    move: branch,
  });
  if (!made.ok) return made;
  const { commit, clean, moved } = made.value;
  if (clean !== null) repo.known.clean.set(commit, Promise.resolve(ok(clean)));
  return ok(moved ? { kind: 'landed', commit } : { kind: 'moved' });
}

/** Merges the work with what others landed since its base. */
export async function merge(
  repo: Repository,
  { head, branch, harvested, message, date }: Work,
): Promise<Result<Joined, Problem>> {
  const ours = repo.known.trees.get(head) ?? `${head}^{tree}`;
  const merged = await mergeTrees(repo, { base: harvested.base, ours, theirs: harvested.commit });
  if (!merged.ok) return merged;
  const { tree, conflicts } = merged.value;
  if (conflicts.length > 0) return ok({ kind: 'conflict', paths: conflicts });
  const args = [...moveArguments(repo, branch, head), tree];
  const exit = await repo.script(COMMIT_AND_MOVE, args, {
    at: inPlain(repo),
    date,
    input: message,
  });
  const commit = exit.stdout.trim();
  if (commit === '') return err(gitProblem('The result could not be committed', exit));
  repo.known.trees.set(commit, tree);
  if (!succeeded(exit)) return ok({ kind: 'moved' });
  hasMoved(repo, branch, commit);
  return ok({ kind: 'landed', commit });
}

const COMMIT_AND_MOVE = `
  commit=$(git commit-tree "$4" -p "$3" -F -) &&
  printf '%s\\n' "$commit" &&
  ${MOVE_TO_COMMIT}`;
