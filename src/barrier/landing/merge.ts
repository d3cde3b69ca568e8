import { err, ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { treeOfCommit } from '../branch/clean.ts';
import { gitProblem } from '../git.ts';
import { writeCommit } from './objects.ts';
import { FIXED_DATE, inPlain } from '../store.ts';
import type { Repository } from '../store.ts';

export interface Merged {
  readonly tree: string;
  /** Paths in conflict; the tree holds them with markers. */
  readonly conflicts: readonly string[];
}

/**
 * Three-way merge of the tree (or commit) `ours` and the commit `theirs`, whose parent is `base`. git 2.39 cannot be told the merge base,
 * so `ours` becomes a commit whose only parent is `base`; history is never walked.
 */
export async function mergeTrees(
  repo: Repository,
  { base, ours, theirs }: { base: string; ours: string; theirs: string },
): Promise<Result<Merged, Problem>> {
  const tree = await treeOfCommit(repo, ours);
  if (!tree.ok) return tree;
  const side = await writeCommit(repo, {
    tree: tree.value,
    parent: base,
    date: FIXED_DATE,
    message: 'Landed\n',
  });
  if (!side.ok) return side;
  const merged = await repo.git([...MERGE, side.value, theirs], { at: inPlain(repo) });
  // Exit 1: merged, with conflicts.
  if (merged.cause !== 'exited' || (merged.code !== 0 && merged.code !== 1)) {
    return err(gitProblem('The work could not be merged', merged));
  }
  const [result = '', ...paths] = merged.stdout.split('\0').filter((part) => part !== '');
  return ok({ tree: result.trim(), conflicts: [...new Set(paths)] });
}

const MERGE = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages'];
