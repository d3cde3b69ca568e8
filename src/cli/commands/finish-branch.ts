import { join } from 'node:path';
import type { Problem } from '../../domain/index.ts';
import { EXIT } from '../exit.ts';
import type { LastRun } from '../project/last-run.ts';
import { mergeBranch } from '../project/merge.ts';
import { scratchOf } from '../project/project.ts';
import { deletionOf, type RunBranch } from '../project/run-branch.ts';
import { succeeded, userGit, userProgram } from '../project/user-git.ts';
import { refuse, refused } from '../refusal.ts';
import { specPathIn } from '../run/plan.ts';
import type { World } from '../world.ts';

/** Merges the run branch into what is checked out, unless that has everything of it. */
export async function merge(
  world: World,
  { project, location }: LastRun,
  branch: RunBranch,
): Promise<number> {
  if (branch.isCheckedOut)
    return refuse(world, refused(onItself(branch.name, location.name)).error);
  if (branch.merged !== 'no') {
    world.stderr.write(
      `${branch.name} is already merged: everything on it is part of what is checked out.\n${deletion(branch)}`,
    );
    return EXIT.completed;
  }
  const merged = await mergeBranch({
    git: userGit(world, project),
    project,
    branch: branch.name,
    command: `implement-factory finish ${location.name} --merge`,
    specPath: specPathIn(project, location),
    aside: join(scratchOf(world, project), location.name, 'aside'),
  });
  if (!merged.ok) return refuse(world, refused(merged.error, EXIT.failed).error);
  world.stderr.write(
    `${branch.name} is merged into ${merged.value.into}.\n${deletion({ ...branch, merged: 'commits' })}`,
  );
  return EXIT.completed;
}

const onItself = (branch: string, spec: string): Problem => ({
  where: branch,
  what: 'The run branch itself is checked out, so there is nothing to merge it into.',
  remedy: `Check out the branch it shall go to (git switch <branch>), then: implement-factory finish ${spec} --merge`,
});

function deletion(branch: RunBranch): string {
  const command = deletionOf(branch);
  return command === null ? '' : `It can be deleted: ${command}\n`;
}

/** Pushes the run branch, if it is here, and opens a pull request. */
export async function openPullRequest(
  world: World,
  { project, view, location }: LastRun,
  { place }: RunBranch,
): Promise<number> {
  const branch = `factory/${location.name}`;
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
  const pushed = place === 'remote' ? null : await git('push', '--set-upstream', remote, branch);
  if (pushed !== null && !succeeded(pushed))
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
    view.state.plan.title,
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
