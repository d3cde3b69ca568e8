import type { Problem } from '../../domain/index.ts';
import type { Exit } from '../../process/index.ts';
import { quoted } from '../../report/index.ts';
import type { Changed, Merging } from './merging.ts';

interface Failed {
  /** The branch that is checked out. */
  readonly into: string;
  readonly merged: Exit;
  /** Files of the spec directory that are put back after it. */
  readonly changed: readonly Changed[];
}

/** What git did not merge, file by file, and commands that work. Asked before the merge is undone. */
export async function mergeFailure(
  { git, branch, command }: Merging,
  { into, merged, changed }: Failed,
): Promise<Problem> {
  const unmerged = await git('diff', '--name-only', '-z', '--diff-filter=U');
  const conflicts = unmerged.stdout.split('\0').filter((path) => path !== '');
  const lines = `${merged.stdout}\n${merged.stderr}`.split('\n');
  // In every language of git's, names of files stand on lines of their own behind a tab.
  const inTheWay = lines.filter((line) => line.startsWith('\t')).map((line) => line.trim());
  const problem = (why: string, remedy: string): Problem => ({
    where: branch,
    what: `git could not merge it into ${into}: ${why}.`,
    remedy: `Nothing was changed. ${remedy}`,
  });
  const byHand = `By hand: ${[...outOfTheWay(changed), `git merge ${quoted(branch)}`].join(' && ')}`;
  if (conflicts.length > 0)
    return problem(
      `both changed ${conflicts.join(', ')}`,
      `${byHand}; then settle the conflicts, git add the files, and git commit.`,
    );
  if (inTheWay.length > 0)
    return problem(
      `files of yours that it has too would be overwritten: ${inTheWay.join(', ')}`,
      `Move or remove them (or commit or stash them), then again: ${command}`,
    );
  const said = lines.filter((line) => /error|fatal|CONFLICT/.test(line)).join(' ');
  return problem((said || merged.stderr.trim() || merged.summary).replace(/\.$/, ''), byHand);
}

/** The checkout's copies of what is on the run branch too, byte for byte, which a merge by hand would stumble over. */
function outOfTheWay(changed: readonly Changed[]): readonly string[] {
  const paths = (wanted: (each: Changed) => boolean) =>
    changed
      .filter(wanted)
      .map(({ path }) => quoted(path))
      .join(' ');
  const known = paths(({ isNew }) => !isNew);
  const staged = paths(({ isNew, tracked }) => isNew && tracked);
  const untracked = paths(({ isNew, tracked, gone }) => isNew && !tracked && !gone);
  return [
    ...(known === '' ? [] : [`git checkout HEAD -- ${known}`]),
    ...(staged === '' ? [] : [`git rm --quiet --force -- ${staged}`]),
    ...(untracked === '' ? [] : [`git clean --quiet --force -- ${untracked}`]),
  ];
}
