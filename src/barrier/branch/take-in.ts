import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { moveBranch } from './branch-state.ts';
import { expectOk, gitDate, gitProblem, succeeded } from '../git.ts';
import { mergeTrees } from '../landing/merge.ts';
import { inPlain, inRefs } from '../store.ts';
import type { Repository } from '../store.ts';

export interface TakingIn {
  readonly branch: string;
  /** Commit at its tip. */
  readonly tip: string;
  /** What of it the project was last given; an ancestor of the tip. */
  readonly delivered: string;
  /** Path of the spec directory. */
  readonly spec: string;
  /** ISO 8601. */
  readonly date: string;
}

export interface TakenIn {
  readonly head: string;
  /** What the project is now, as an ancestor of `head`. */
  readonly delivered: string;
  readonly notes: readonly string[];
}

/**
 * Without git a project goes on being edited between two runs: merges what changed since it was last given something into the run branch, so
 * that agents build on what is there. What conflicts with work that the project was not given yet stays out, and is said.
 */
export async function takeIn(
  repo: Repository,
  { branch, tip, delivered, spec, date }: TakingIn,
): Promise<Result<TakenIn, Problem>> {
  const asIs = ok({ head: tip, delivered, notes: [] });
  const trees = await repo.git(
    ['rev-parse', `${repo.head}^{tree}`, `${delivered}^{tree}`, `${tip}^{tree}`],
    { at: inRefs(repo) },
  );
  const [now = '', given = '', ours = ''] = trees.stdout.trim().split('\n');
  if (!succeeded(trees)) return err(gitProblem('The project could not be compared', trees));
  if (now === given) return asIs;
  const commit = commitIn(repo, date);
  const theirs = await commit(now, [delivered], 'Changes in the project');
  if (!theirs.ok) return theirs;
  const merged = await mergeTrees(repo, { base: delivered, ours, theirs: theirs.value });
  if (!merged.ok) return merged;
  const { conflicts } = merged.value;
  const clash = conflicts.filter((path) => !path.startsWith(`${spec}/`));
  if (clash.length > 0)
    return ok({
      ...asIs.value,
      notes: [
        `Your changes since the last run are not built on: they conflict with work that is not in the project yet, in ${clash.slice(0, 5).join(', ')}.`,
      ],
    });
  const tree =
    conflicts.length === 0
      ? ok(merged.value.tree)
      : await withSpecOf(repo, { tree: merged.value.tree, from: theirs.value, spec });
  if (!tree.ok) return tree;
  const head = await commit(tree.value, [tip, theirs.value], 'Take in changes of the project');
  if (!head.ok) return head;
  if (!(await moveBranch(repo, branch, { from: tip, to: head.value }))) return asIs;
  return ok({ head: head.value, delivered: theirs.value, notes: [] });
}

/** Of the spec directory, the project's is the one that counts. */
async function withSpecOf(
  repo: Repository,
  { tree, from, spec }: { tree: string; from: string; spec: string },
): Promise<Result<string, Problem>> {
  const index = join(repo.scratch, 'take-in-index');
  await rm(index, { force: true });
  const steps = [
    ['read-tree', tree],
    ['rm', '-r', '--quiet', '--cached', '--', spec],
    ['read-tree', `--prefix=${spec}/`, `${from}:${spec}`],
    ['write-tree'],
  ];
  let answer = '';
  for (const step of steps) {
    const exit = await repo.git(step, { at: { ...inPlain(repo), index } });
    if (!succeeded(exit)) return err(gitProblem('The spec directory could not be taken in', exit));
    answer = exit.stdout.trim();
  }
  await rm(index, { force: true });
  return ok(answer);
}

const commitIn =
  (repo: Repository, date: string) =>
  async (
    tree: string,
    parents: readonly string[],
    message: string,
  ): Promise<Result<string, Problem>> => {
    const made = await repo.git(
      ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-m', message],
      { at: inPlain(repo), date: gitDate(date) },
    );
    const commit = expectOk('The changes of the project could not be committed', made);
    return commit.ok ? ok(commit.value.trim()) : commit;
  };
