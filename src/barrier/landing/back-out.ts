import { ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { branchState, moveBranch } from '../branch/branch-state.ts';
import { cleanCommit } from '../branch/clean.ts';
import { expectOk, gitDate } from '../git.ts';
import { mergeTrees } from './merge.ts';
import { FIXED_DATE, inPlain, inRefs } from '../store.ts';
import type { Repository } from '../store.ts';

export interface BackOutRequest {
  readonly branch: string;
  readonly run: string;
  readonly spec: string;
  readonly unit: string;
  /** What the commit says of it. */
  readonly title: string;
  /** The unit's landings, oldest first; at least one. */
  readonly landings: readonly [string, ...string[]];
  /** ISO 8601. */
  readonly date: string;
}

export type BackOutcome =
  | {
      readonly kind: 'done';
      /** Tip of the run branch, without the work. */
      readonly commit: string;
      /** The work as a harvest: merged over a later base it is there again. */
      readonly work: string;
    }
  /** Later work changes the same lines: it cannot be taken out alone. */
  | { readonly kind: 'entangled'; readonly paths: readonly string[] };

/** Takes landed work out of the run branch again, by one commit with trailers; history stays. */
export const backOut = (
  repo: Repository,
  request: BackOutRequest,
): Promise<Result<BackOutcome, Problem>> => repo.oneByOne(() => backOutNow(repo, request));

async function backOutNow(
  repo: Repository,
  request: BackOutRequest,
): Promise<Result<BackOutcome, Problem>> {
  const state = await branchState(repo, request.branch, { fresh: true });
  if (!state.ok) return state;
  const { head } = state.value;
  const without = await undo(repo, head, request.landings);
  if (!without.ok) return without;
  if (without.value.kind === 'entangled') return ok(without.value);
  const { tree } = without.value;
  const bare = await commitTree(repo, { tree, parent: head, message: 'Without', date: FIXED_DATE });
  if (!bare.ok) return bare;
  const work = await workOf(repo, { head, bare: bare.value });
  if (!work.ok) return work;
  const made = await commitTree(repo, {
    tree,
    parent: head,
    message: messageOf(request, work.value),
    date: gitDate(request.date),
  });
  if (!made.ok) return made;
  const kept = await keep(repo, request, work.value);
  if (!kept.ok) return kept;
  const commit = made.value;
  const moved = await moveBranch(repo, request.branch, { from: head, to: commit });
  // Somebody else moved the branch: what was found is of another tip.
  if (!moved) return backOutNow(repo, request);
  return ok({ kind: 'done', commit, work: work.value });
}

type Undone =
  { readonly kind: 'tree'; readonly tree: string } | Extract<BackOutcome, { kind: 'entangled' }>;

/** The tree of `head` with the landings reverted, newest first. */
async function undo(
  repo: Repository,
  head: string,
  landings: readonly string[],
): Promise<Result<Undone, Problem>> {
  let tree = `${head}^{tree}`;
  for (const landing of landings.toReversed()) {
    const undone = await commitTree(repo, {
      tree: `${landing}^1^{tree}`,
      parent: landing,
      message: 'Undo',
      date: FIXED_DATE,
    });
    if (!undone.ok) return undone;
    const merged = await mergeTrees(repo, { base: landing, ours: tree, theirs: undone.value });
    if (!merged.ok) return merged;
    const { conflicts: paths } = merged.value;
    if (paths.length > 0) return ok({ kind: 'entangled', paths });
    ({ tree } = merged.value);
  }
  return ok({ kind: 'tree', tree });
}

/** A commit on the clean base without the work, with the files as they are with it. */
async function workOf(
  repo: Repository,
  { head, bare }: { readonly head: string; readonly bare: string },
): Promise<Result<string, Problem>> {
  const before = await cleanCommit(repo, head);
  if (!before.ok) return before;
  const after = await cleanCommit(repo, bare);
  if (!after.ok) return after;
  const tree = `${before.value}^{tree}`;
  return commitTree(repo, { tree, parent: after.value, message: 'Work', date: FIXED_DATE });
}

async function commitTree(
  repo: Repository,
  of: {
    readonly tree: string;
    readonly parent: string;
    readonly message: string;
    readonly date: string;
  },
): Promise<Result<string, Problem>> {
  const exit = await repo.git(['commit-tree', of.tree, '-p', of.parent, '-F', '-'], {
    at: inPlain(repo),
    input: of.message,
    date: of.date,
  });
  const made = expectOk('The work could not be taken out of the run branch', exit);
  return made.ok ? ok(made.value.trim()) : made;
}

/** Keeps git from collecting what no branch holds. */
async function keep(
  repo: Repository,
  { unit, run, spec }: BackOutRequest,
  work: string,
): Promise<Result<null, Problem>> {
  const name = [spec, run, unit].map((part) => part.replace(/[^A-Za-z0-9_-]/g, '-')).join('/');
  const ref = `refs/factory/${name}/backed-out-${work.slice(0, 12)}`;
  const exit = await repo.git(['update-ref', ref, work], { at: inRefs(repo) });
  const kept = expectOk('The work that was taken out could not be kept', exit);
  return kept.ok ? ok(null) : kept;
}

/**
 * Takes back what a process took out that was killed before it could tell: the branch is again at the commit the run knows of, and whoever
 * looks at it anew decides anew. Commits of anybody else stay, and so does everything below them.
 */
export const forgetBackOuts = (
  repo: Repository,
  of: Pick<BackOutRequest, 'branch' | 'run'> & { readonly to: string },
): Promise<Result<null, Problem>> =>
  repo.oneByOne(async () => {
    const state = await branchState(repo, of.branch, { fresh: true });
    if (!state.ok) return state;
    const { head } = state.value;
    if (head === of.to) return ok(null);
    const log = await repo.git(
      [
        'log',
        '--format=%(trailers:key=Factory-Run,valueonly,separator=%x2C) %(trailers:key=Factory-Work,valueonly,separator=%x2C)',
        `${of.to}..${head}`,
      ],
      { at: inRefs(repo) },
    );
    const told = expectOk('The run branch could not be read', log);
    if (!told.ok) return told;
    const above = told.value.split('\n').slice(0, -1);
    const isOurs = (line: string) =>
      line.startsWith(`${of.run} `) && line.length > of.run.length + 1;
    // Somebody else who moves the branch meanwhile is found by the next who looks.
    if (above.length > 0 && above.every(isOurs))
      await moveBranch(repo, of.branch, { from: head, to: of.to });
    return ok(null);
  });

const messageOf = ({ title, run, spec, unit, landings }: BackOutRequest, work: string): string =>
  [
    `Back out: ${title.replace(/\s+/gu, ' ').trim() || 'work'}`,
    '',
    `Factory-Run: ${run}`,
    `Factory-Spec: ${spec}`,
    `Factory-Unit: ${unit}`,
    ...landings.map((landing) => `Factory-Backed-Out: ${landing}`),
    `Factory-Work: ${work}`,
    '',
  ].join('\n');
