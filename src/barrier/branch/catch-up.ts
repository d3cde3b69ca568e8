import { ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import type { BranchOptions } from './branch-options.ts';
import { moveBranch, stillHolds } from './branch-state.ts';
import { succeeded } from '../git.ts';
import { inRefs } from '../store.ts';
import type { Repository } from '../store.ts';
import { takeIn } from './take-in.ts';

/** Brings the branch up to what happened beside it since it was last at work. */
export async function bringUp(
  repo: Repository,
  { branch, holds, delivered, date }: BranchOptions,
  { tip, spec }: { readonly tip: string; readonly spec: string },
): Promise<Result<{ head: string; delivered?: string; notes: readonly string[] }, Problem>> {
  if (repo.kind === 'branch')
    return ok(await catchUp(repo, branch, { tip, spec, over: holds === undefined }));
  // A private repository that was deleted and made again knows nothing of it, and begins with the project as it is.
  if (delivered === undefined || !(await stillHolds(repo, { branch }, delivered)).ok)
    return ok({ head: tip, notes: [] });
  return takeIn(repo, { branch, tip, delivered, spec, date });
}

/** A branch that was merged into HEAD has nothing of its own any more: new work builds on HEAD. */
async function catchUp(
  repo: Repository,
  branch: string,
  { tip, spec, over }: { readonly tip: string; readonly spec: string; readonly over: boolean },
): Promise<{ readonly head: string; readonly notes: readonly string[] }> {
  const stay = { head: tip, notes: [] };
  if (repo.kind === 'private' || tip === repo.head) return stay;
  const merged = await repo.git(['merge-base', '--is-ancestor', tip, repo.head], {
    at: inRefs(repo),
  });
  // A run that goes on is held to its own commits; one that is over, to what is in them.
  if (!succeeded(merged) && !(over && (await addsNothing(repo, { tip, spec })))) return stay;
  if (!(await moveBranch(repo, branch, { from: tip, to: repo.head }))) return stay;
  return { head: repo.head, notes: [`${branch} is part of HEAD already; it goes on from there.`] };
}

/**
 * Merging it into HEAD would change nothing: it came in by a squash or a rebase, which leaves its own commits outside. Where a person has
 * changed the spec since, theirs is the one that counts.
 */
async function addsNothing(
  repo: Repository,
  { tip, spec }: { readonly tip: string; readonly spec: string },
): Promise<boolean> {
  const at = inRefs(repo);
  const merged = await repo.git(
    ['merge-tree', '--write-tree', '--name-only', '--no-messages', repo.head, tip],
    { at },
  );
  const [tree = ''] = merged.stdout.split('\n');
  if (merged.cause !== 'exited' || !/^[0-9a-f]{40,64}$/.test(tree)) return false;
  const diff = await repo.git(['diff-tree', '-r', '-z', '--name-only', repo.head, tree], { at });
  const differ = diff.stdout.split('\0').filter((path) => path !== '');
  const conflicts = merged.code === 1;
  return succeeded(diff) && differ.every((path) => conflicts && path.startsWith(`${spec}/`));
}
