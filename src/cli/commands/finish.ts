import { isCancel, select } from '@clack/prompts';
import type { Problem } from '../../domain/index.ts';
import { lockHolder } from '../../journal/index.ts';
import { count, listed, short } from '../../report/index.ts';
import { EXIT } from '../exit.ts';
import { finishDelivered } from './finish-delivered.ts';
import { merge, openPullRequest } from './finish-branch.ts';
import { lastRunOf } from '../project/last-run.ts';
import { runBranchOf, standingOn, type Standing } from '../project/run-branch.ts';
import { unrecorded } from '../project/unrecorded.ts';
import { refuse, refused } from '../refusal.ts';
import { isInteractive, type World } from '../world.ts';

type Way = 'merge' | 'pr' | 'leave';

export interface FinishArguments {
  readonly spec: string | undefined;
  readonly flags: Record<string, unknown>;
}

/** Decides what becomes of the run branch; where no journal tells of the run, by the branch alone. */
export async function finish(world: World, { spec, flags }: FinishArguments): Promise<number> {
  const last = await lastRunOf(world, spec);
  if (!last.ok) return refuse(world, last.error);
  const { project, location, view, log } = last.value;
  const no = (problem: Problem) => refuse(world, refused(problem).error);
  const working = await lockHolder(project, location.name);
  if (working.ok && working.value !== null)
    return no({
      where: location.name,
      what: `A run is still at work on it (process ${working.value.pid}).`,
      remedy: 'Wait for it, or stop it first.',
    });
  if (log !== null && view.state.branch === '') return finishDelivered(world, last.value, flags);
  const branch = await runBranchOf(world, last.value);
  if (branch === null)
    return no(
      log === null ? unrecorded(last.value, null, 'finish') : lost(location.name, view.state.head),
    );
  if (flags['test'] === true || flags['review'] === true)
    return no({
      where: location.name,
      what: `Its work is on ${branch.name}: --test and --review are for projects without git.`,
      remedy: 'Give one of --merge, --pr, --leave.',
    });
  const way = await wayOf(world, flags, branch.name);
  const standing = standingOn(branch, last.value);
  if (standing.outcome === null && way !== null && way !== 'leave')
    return no(unfinished(location.name));
  if (standing.outcome === 'failed' && way !== null && way !== 'leave')
    world.stderr.write(`${location.name} failed: ${shortfall(standing)}\n`);
  switch (way) {
    case 'merge':
      return merge(world, last.value, branch);
    case 'pr':
      return openPullRequest(world, last.value, branch);
    case 'leave':
      world.stderr.write(
        `${branch.name} stays as it is. Look at it with: git diff HEAD...${branch.name}\n`,
      );
      return EXIT.completed;
    default:
      return no({
        where: 'finish',
        what: 'Say what shall become of the run branch.',
        remedy: 'Give one of --merge, --pr, --leave.',
      });
  }
}

const lost = (spec: string, head: string): Problem => ({
  where: spec,
  what: `Its run branch factory/${spec} is gone, and what is checked out does not have its work.`,
  remedy: `Restore it (git branch factory/${spec} ${short(head)}), or leave it at that.`,
});

const shortfall = ({ units, open }: Standing): string =>
  open.length === 0
    ? 'every unit is completed, but the gate at its end did not pass.'
    : `${String(open.length)} of ${count(units, 'unit')} ${open.length === 1 ? 'is' : 'are'} not completed (${listed(open)}).`;

const unfinished = (spec: string): Problem => ({
  where: spec,
  what: 'Its run is not over: what is on the run branch is not all measured, or waits for a decision.',
  remedy: `See where it stands (implement-factory status ${spec}), then decide and run it to its end; --leave changes nothing.`,
});

async function wayOf(
  world: World,
  flags: Record<string, unknown>,
  branch: string,
): Promise<Way | null> {
  const given = (['merge', 'pr', 'leave'] as const).filter((way) => flags[way] === true);
  if (given.length === 1) return given[0] ?? null;
  if (given.length > 1 || !isInteractive(world)) return null;
  const chosen = await select<Way>({
    message: `What shall become of ${branch}?`,
    input: world.stdin,
    output: world.stderr,
    options: [
      { value: 'merge', label: 'Merge it into the branch that is checked out' },
      { value: 'pr', label: 'Push it and open a pull request' },
      { value: 'leave', label: 'Leave it' },
    ],
  });
  return isCancel(chosen) ? null : chosen;
}
