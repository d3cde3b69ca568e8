import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { expectOk, gitDate, gitProblem, succeeded } from '../git.ts';
import type { Git, GitPlace } from '../git.ts';
import type { Located } from '../store.ts';
import { writeGitDir } from '../store.ts';

interface SnapshotOptions {
  readonly project: string;
  readonly date: string;
  readonly git: Git;
}

/** Where a project without git has its private repository. */
export const privateDir = (project: string): string => join(project, '.factory/repository.git');

/** The private repository of a project without git: made once, a new snapshot of the project's files each time it is opened. */
export async function openSnapshot({
  project,
  date,
  git,
}: SnapshotOptions): Promise<Result<Located, Problem>> {
  const gitDir = privateDir(project);
  await makeDir(project, gitDir);
  const at: GitPlace = { cwd: project, gitDir, workTree: project };
  const added = await git(['add', '-A'], { at });
  if (added.cause === 'not_started') {
    return err({
      where: 'git',
      what: `git ${added.summary}.`,
      remedy:
        'Install git 2.38 or newer and make sure that it is on the PATH (--git none needs it too).',
    });
  }
  if (!succeeded(added)) return err(snapshotProblem(project, added.stderr));
  const commit = await git(
    ['commit', '-q', '--no-verify', '--allow-empty-message', '-m', 'Snapshot of the project'],
    { at, date: gitDate(date) },
  );
  // Exit 1 without a message on stderr: nothing changed since the last snapshot.
  if (!succeeded(commit) && commit.stderr.trim() !== '') {
    return err(gitProblem('The snapshot could not be committed', commit));
  }
  const head = await git(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], { at });
  if (!succeeded(head)) return firstEmpty(at, date, git);
  return ok(located(gitDir, head.stdout.trim()));
}

export const located = (gitDir: string, head: string): Located => ({
  gitDir,
  ownDir: gitDir,
  objectFormat: 'sha1',
  head,
  notes: [],
});

/** A project without any file yet still needs a commit to build on. */
async function firstEmpty(at: GitPlace, date: string, git: Git): Promise<Result<Located, Problem>> {
  const made = await git(
    ['commit', '-q', '--no-verify', '--allow-empty', '-m', 'Snapshot of the project'],
    {
      at,
      date: gitDate(date),
    },
  );
  if (!succeeded(made)) return err(gitProblem('The snapshot could not be committed', made));
  const head = expectOk('The snapshot could not be read', await git(['rev-parse', 'HEAD'], { at }));
  return head.ok ? ok(located(at.gitDir ?? '', head.value.trim())) : head;
}

async function makeDir(project: string, gitDir: string): Promise<void> {
  const there = await access(join(gitDir, 'HEAD')).then(
    () => true,
    () => false,
  );
  if (there) return;
  await mkdir(gitDir, { recursive: true });
  await writeFile(join(project, '.factory/.gitignore'), '*\n');
  await writeGitDir(gitDir, {
    head: 'ref: refs/heads/snapshot',
    objectFormat: 'sha1',
    exclude: ['/.factory', 'node_modules', '.venv', '__pycache__'],
  });
}

function snapshotProblem(project: string, stderr: string): Problem {
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return {
    where: project,
    what: `The project's files could not be copied into the private repository: ${last}`,
    remedy:
      'Make every file readable, and list folders that do not belong to the project in .gitignore.',
  };
}
