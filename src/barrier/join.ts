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

/** Merges the work with what others landed since its base: merge, commit and move in one process of ours. */
export async function merge(
  repo: Repository,
  { head, branch, harvested, message, date }: Work,
): Promise<Result<Joined, Problem>> {
  const ours = repo.known.trees.get(head) ?? `${head}^{tree}`;
  const sides = [ours, harvested.base, harvested.commit];
  const exit = await repo.script(MERGE_AND_MOVE, [...moveArguments(repo, branch, head), ...sides], {
    at: inPlain(repo),
    date,
    input: message,
  });
  const [code, commit = '', tree = ''] = exit.stdout.trim().split(' ');
  if (code === undefined || !/^[01]$/.test(code))
    return err(gitProblem('The work could not be merged', exit));
  if (code === '1') {
    const merged = await mergeTrees(repo, { base: harvested.base, ours, theirs: harvested.commit });
    return merged.ok ? ok({ kind: 'conflict', paths: merged.value.conflicts }) : merged;
  }
  if (tree === '') return err(gitProblem('The result could not be committed', exit));
  repo.known.trees.set(commit, tree);
  if (!succeeded(exit)) return ok({ kind: 'moved' });
  hasMoved(repo, branch, commit);
  return ok({ kind: 'landed', commit });
}

/** Tells how the merge ended, and of a clean one the commit and its tree. See `moveArguments` for `$1` to `$3`. */
const MERGE_AND_MOVE = `
  side=$(git commit-tree "$4" -p "$5" -m Landed </dev/null) &&
  { tree=$(git merge-tree --write-tree --no-messages --name-only "$side" "$6") ; merged=$? ; } &&
  printf '%s ' "$merged" &&
  [ "$merged" = 0 ] &&
  commit=$(git commit-tree "$tree" -p "$3" -F -) &&
  printf '%s %s\\n' "$commit" "$tree" &&
  ${MOVE_TO_COMMIT}`;
