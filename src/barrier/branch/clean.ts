import { err, ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { gitProblem, succeeded } from '../git.ts';
import { importCommit, quotePath } from './import.ts';
import { FIXED_DATE, inPlain } from '../store.ts';
import type { Repository } from '../store.ts';

/** The tree of a commit, remembered. */
export async function treeOfCommit(
  repo: Repository,
  commit: string,
): Promise<Result<string, Problem>> {
  const known = repo.known.trees.get(commit);
  if (known !== undefined) return ok(known);
  const exit = await repo.git(['rev-parse', '--verify', '--quiet', `${commit}^{tree}`], {
    at: inPlain(repo),
  });
  if (!succeeded(exit)) return err(gitProblem(`The commit ${commit} could not be read`, exit));
  const tree = exit.stdout.trim();
  repo.known.trees.set(commit, tree);
  return ok(tree);
}

/**
 * The clean commit of `commit`: its files without any hidden folder, without history, dated 1970, so that equal files
 * always give the same commit.
 */
export function cleanCommit(repo: Repository, commit: string): Promise<Result<string, Problem>> {
  const known = repo.known.clean.get(commit);
  if (known !== undefined) return known;
  const made = makeClean(repo, commit);
  repo.known.clean.set(commit, made);
  return made.then((result) => {
    // A failure may be passing; the next caller tries again.
    if (!result.ok) repo.known.clean.delete(commit);
    return result;
  });
}

/** Whether two commits are the same product: equal but for hidden folders. One that cannot be read is like no other. */
export async function sameProduct(repo: Repository, one: string, other: string): Promise<boolean> {
  if (one === other) return true;
  const [clean, like] = await Promise.all([cleanCommit(repo, one), cleanCommit(repo, other)]);
  return clean.ok && like.ok && clean.value === like.value;
}

/** What all clean commits have in common. */
export const CLEAN = { parent: null, date: FIXED_DATE, message: 'Base' } as const;

async function makeClean(repo: Repository, commit: string): Promise<Result<string, Problem>> {
  const tree = await treeOfCommit(repo, commit);
  if (!tree.ok) return tree;
  const drop = [...repo.hidden].map((folder) => `D ${quotePath(folder)}\n`).join('');
  const made = await importCommit(repo, {
    ...CLEAN,
    changes: `M 040000 ${tree.value} ""\n${drop}`,
  });
  return made.ok ? ok(made.value.commit) : made;
}
