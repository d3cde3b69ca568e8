import { err, ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { expectOk, gitProblem, succeeded } from '../git.ts';
import type { Exit } from '../../process/index.ts';
import { moveRef } from '../landing/objects.ts';
import { inRefs } from '../store.ts';
import type { BranchState, Repository } from '../store.ts';

/** Names one landing. */
export const trailerKey = (of: {
  readonly run: string;
  readonly spec: string;
  readonly unit: string;
  readonly iteration: number;
  readonly attempt: number;
}): string => JSON.stringify([of.run, of.spec, of.unit, of.iteration, of.attempt]);

export const branchRef = (branch: string): string => `refs/heads/${branch}`;

/** Commit at the tip of a branch as git has it now, null when there is none. */
export async function readHead(repo: Repository, branch: string): Promise<string | null> {
  const exit = await repo.git(['rev-parse', '--verify', '--quiet', branchRef(branch)], {
    at: inRefs(repo),
  });
  return succeeded(exit) ? exit.stdout.trim() : null;
}

/**
 * Tip of the run branch and what landed on it. Remembered, because compare-and-swap finds out when somebody else moved the branch;
 * `fresh` asks git again.
 */
export async function branchState(
  repo: Repository,
  branch: string,
  { fresh }: { fresh: boolean } = { fresh: false },
): Promise<Result<BranchState, Problem>> {
  const known = repo.known.branches.get(branch);
  if (known !== undefined && !fresh) return ok(known);
  const tip = await readHead(repo, branch);
  if (tip === null) {
    return err({
      where: branch,
      what: `The run branch ${branch} is gone.`,
      remedy: 'Restore it (git reflog tells its last commit), then run again.',
    });
  }
  // Somebody else's lock may have been in the way, and nothing moved.
  if (known?.head === tip) return ok(known);
  const log = await repo.git(
    ['log', '-z', '--grep=^Factory-Attempt: ', `--format=${LOG_FORMAT}`, '--shortstat', tip],
    { at: inRefs(repo) },
  );
  const output = expectOk('The run branch could not be read', log);
  if (!output.ok) return output;
  const state = { head: tip, landed: parseLanded(output.value) };
  repo.known.branches.set(branch, state);
  return ok(state);
}

const SEPARATOR = '\u001f';
const TRAILERS = ['Run', 'Spec', 'Unit', 'Iteration', 'Attempt'];
const LOG_FORMAT = [
  '%x1e%H',
  ...TRAILERS.map((name) => `%(trailers:key=Factory-${name},valueonly,separator=%x2C)`),
  '',
].join('%x1f');

function parseLanded(output: string): BranchState['landed'] {
  const landed: BranchState['landed'] = new Map();
  for (const record of output.split('\u001e')) {
    const [commit = '', run = '', spec = '', unit = '', iteration = '', attempt = '', stat = ''] =
      record.split(SEPARATOR);
    if (commit === '' || unit === '') continue;
    const key = { run, spec, unit, iteration: Number(iteration), attempt: Number(attempt) };
    landed.set(trailerKey(key), {
      commit,
      files: Number(/(\d+) files? changed/.exec(stat)?.[1] ?? 0),
    });
  }
  return landed;
}

/** Refuses a run branch that lost work of a run: to go on beside it would leave that work out of the result. */
export async function stillHolds(
  repo: Repository,
  { branch, tip = branchRef(branch) }: { branch: string; tip?: string | undefined },
  commit: string,
): Promise<Result<void, Problem>> {
  const held = await repo.git(['merge-base', '--is-ancestor', commit, tip], {
    at: inRefs(repo),
  });
  if (succeeded(held)) return ok(undefined);
  return err({
    where: branch,
    what: `The run branch was deleted or rewritten: it does not hold ${commit.slice(0, 10)}, to which this run had come.`,
    remedy: `Restore it (git branch -f ${branch} ${commit.slice(0, 10)}) to resume, or go on with --accept-changes from what is there now.`,
  });
}

/** Compare-and-swap of a branch. False: it was not at `from`. */
export async function moveBranch(
  repo: Repository,
  branch: string,
  { from, to }: { from: string; to: string },
): Promise<boolean> {
  const moved = await moveRef(repo, branchRef(branch), { from, to });
  const state = repo.known.branches.get(branch);
  if (moved && state !== undefined) state.head = to;
  return moved;
}

/** Commit at the tip of a branch, as this process left it; git is asked the first time. */
export async function headOf(repo: Repository, branch: string): Promise<Result<string, Problem>> {
  const state = await branchState(repo, branch);
  return state.ok ? ok(state.value.head) : state;
}

/** Why git did not make a branch: a name cannot be a branch and the folder of others. */
export function notMade(branch: string, made: Exit): Problem {
  const other = /'refs\/heads\/([^']+)' exists/.exec(made.stderr)?.[1];
  if (other === undefined) return gitProblem(`The branch ${branch} could not be made`, made);
  return {
    where: branch,
    what: `The branch ${branch} cannot be made beside the branch \`${other}\`: git keeps one under the name of the other.`,
    remedy: `Rename that branch (git branch -m ${other} <other name>), then run again.`,
  };
}
