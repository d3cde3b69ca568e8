import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { err, ok, type Problem, type Result } from '../../domain/index.ts';
import { mergeFailure } from './merge-failure.ts';
import type { Changed, Merging } from './merging.ts';
import { succeeded } from './user-git.ts';

/**
 * Merges the run branch into the branch that is checked out. The spec directory of the checkout is a projection: files in it that are the same on the run
 * branch are put aside for the merge, and put back when it fails. A merge that conflicts is undone.
 */
export async function mergeBranch(merging: Merging): Promise<Result<{ into: string }, Problem>> {
  const { git, branch } = merging;
  const current = (await git('symbolic-ref', '--quiet', '--short', 'HEAD')).stdout.trim();
  if (current === '')
    return err({
      where: branch,
      what: 'No branch is checked out, so there is nothing to merge into.',
      remedy: 'Check out the branch it shall go to (git switch <branch>), then run this again.',
    });
  const changed = await changedFiles(merging);
  const foreign = await differing(merging, changed);
  if (foreign.length > 0)
    return err({
      where: foreign.join(', '),
      what: 'The checkout has changes in the spec directory that the run branch does not have.',
      remedy: 'Commit them or stash them (git stash -u), then run this again.',
    });
  await setAside(merging, changed);
  const merged = await git('merge', '--no-ff', '--no-edit', branch);
  if (succeeded(merged)) {
    await rm(merging.aside, { recursive: true, force: true });
    return ok({ into: current });
  }
  const failure = await mergeFailure(merging, { into: current, merged, changed });
  await git('merge', '--abort');
  await putBack(merging, changed);
  return err(failure);
}

/** Files of the spec directory that differ from what is checked out. */
async function changedFiles({ git, project, specPath }: Merging): Promise<readonly Changed[]> {
  const status = await git(
    'status',
    '--porcelain=v1',
    '-z',
    '--untracked-files=all',
    // A rename would be told as two names in one entry.
    '--no-renames',
    '--',
    specPath,
  );
  return status.stdout
    .split('\0')
    .filter((entry) => entry.length > 3)
    .map((entry) => ({
      path: entry.slice(3),
      tracked: !entry.startsWith('??'),
      isNew: entry.startsWith('??') || entry.startsWith('A'),
      gone: !existsSync(join(project, entry.slice(3))),
    }));
}

/** Those that are not what the run branch has, neither as they are, which is how a run takes them in, nor as git would (line ends, filters). */
async function differing(
  { git, project, branch }: Merging,
  changed: readonly Changed[],
): Promise<readonly string[]> {
  const differ: string[] = [];
  for (const { path, gone } of changed) {
    const there = await git('rev-parse', '--verify', '--quiet', `${branch}:${path}`);
    const expected = succeeded(there) ? there.stdout : null;
    const hash = async (...how: string[]) =>
      (await git('hash-object', ...how, '--', join(project, path))).stdout;
    const isSame = gone
      ? expected === null
      : expected === (await hash('--no-filters')) || expected === (await hash());
    if (!isSame) differ.push(path);
  }
  return differ;
}

async function setAside(
  { git, project, aside }: Merging,
  changed: readonly Changed[],
): Promise<void> {
  for (const { path, tracked, gone } of changed) {
    await mkdir(dirname(join(aside, path)), { recursive: true });
    if (!gone) await rename(join(project, path), join(aside, path));
    if (!tracked) continue;
    await git('reset', '--quiet', 'HEAD', '--', path);
    // One that is new has nothing to come back to.
    await git('checkout', '--quiet', 'HEAD', '--', path);
  }
}

async function putBack({ project, aside }: Merging, changed: readonly Changed[]): Promise<void> {
  for (const { path, gone } of changed) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    if (gone) await rm(join(project, path), { force: true });
    else await rename(join(aside, path), join(project, path));
  }
}
