import { join } from 'node:path';
import { isCancel, select } from '@clack/prompts';
import type { Problem } from '../../domain/index.ts';
import { lockHolder } from '../../journal/index.ts';
import { EXIT } from '../exit.ts';
import { finishDelivered } from './finish-delivered.ts';
import { lastRunOf, type LastRun } from '../project/last-run.ts';
import { mergeBranch } from '../project/merge.ts';
import { specPathIn } from '../run/plan.ts';
import { scratchOf } from '../project/project.ts';
import { refuse, refused } from '../refusal.ts';
import { succeeded, userGit, userProgram } from '../project/user-git.ts';
import { isInteractive, type World } from '../world.ts';

type Way = 'merge' | 'pr' | 'leave';

export interface FinishArguments {
  readonly spec: string | undefined;
  readonly flags: Record<string, unknown>;
}

/** Decides what becomes of the run branch. */
export async function finish(world: World, { spec, flags }: FinishArguments): Promise<number> {
  const last = await lastRunOf(world, spec);
  if (!last.ok) return refuse(world, last.error);
  const { project, location, view, log } = last.value;
  const { branch } = view.state;
  const no = (problem: Problem) => refuse(world, refused(problem).error);
  const working = await lockHolder(project, location.name);
  if (working.ok && working.value !== null)
    return no({
      where: location.name,
      what: `A run is still at work on it (process ${working.value.pid}).`,
      remedy: 'Wait for it, or stop it first.',
    });
  if (log === null) return no(neverRun(location.name));
  if (branch === '') return finishDelivered(world, last.value, flags);
  if (flags['test'] === true || flags['review'] === true)
    return no({
      where: location.name,
      what: `Its work is on ${branch}: --test and --review are for projects without git.`,
      remedy: 'Give one of --merge, --pr, --leave.',
    });
  const way = await wayOf(world, flags, branch);
  if (view.state.outcome === null && way !== null && way !== 'leave')
    return no(unfinished(location.name));
  if (view.state.outcome === 'failed' && way !== null && way !== 'leave')
    world.stderr.write(`${location.name} failed: not every unit of it is satisfied.\n`);
  switch (way) {
    case 'merge':
      return merge(world, last.value);
    case 'pr':
      return pullRequest(world, last.value);
    case 'leave':
      world.stderr.write(`${branch} stays as it is. Look at it with: git diff HEAD...${branch}\n`);
      return EXIT.completed;
    default:
      return no({
        where: 'finish',
        what: 'Say what shall become of the run branch.',
        remedy: 'Give one of --merge, --pr, --leave.',
      });
  }
}

const neverRun = (spec: string): Problem => ({
  where: spec,
  what: 'It was never run here, so there is nothing to finish.',
  remedy: `Start it: implement-factory run ${spec}`,
});

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

async function merge(world: World, { project, location, view }: LastRun): Promise<number> {
  const merged = await mergeBranch({
    git: userGit(world, project),
    project,
    branch: view.state.branch,
    specPath: specPathIn(project, location),
    aside: join(scratchOf(world, project), location.name, 'aside'),
  });
  if (!merged.ok) return refuse(world, refused(merged.error, EXIT.failed).error);
  world.stderr.write(`${view.state.branch} is merged into ${merged.value.into}.\n`);
  return EXIT.completed;
}

async function pullRequest(world: World, { project, view }: LastRun): Promise<number> {
  const { branch, plan } = view.state;
  const git = userGit(world, project);
  const remote = (await git('remote')).stdout.split('\n')[0] ?? '';
  if (remote === '')
    return refuse(
      world,
      refused({
        where: project,
        what: 'The repository has no remote to push to.',
        remedy: 'Add one (git remote add origin <url>), or use --merge.',
      }).error,
    );
  const pushed = await git('push', '--set-upstream', remote, branch);
  if (!succeeded(pushed))
    return refuse(
      world,
      refused(
        {
          where: `git push ${remote}`,
          what: pushed.stderr.trim() || pushed.summary,
          remedy: `Push it by hand: git push ${remote} ${branch}`,
        },
        EXIT.stopped,
      ).error,
    );
  const gh = userProgram(world, project);
  const created = await gh(
    'gh',
    'pr',
    'create',
    '--head',
    branch,
    '--title',
    plan.title,
    '--fill-verbose',
  );
  if (succeeded(created)) {
    world.stdout.write(created.stdout);
    return EXIT.completed;
  }
  const why = created.cause === 'not_started' ? 'gh is not installed' : created.stderr.trim();
  world.stderr.write(
    `${branch} is pushed to ${remote}; no pull request was opened: ${why}.\nOpen one on the site of ${remote}.\n`,
  );
  return EXIT.failed;
}
