import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok } from '../domain/index.ts';
import type { Problem, Result } from '../domain/index.ts';
import { openTree } from '../process/index.ts';
import { gitDate, gitProblem, inGitDir, succeeded } from './git.ts';
import type { GitPlace } from './git.ts';
import { DESCRIBE, remember } from './harvested.ts';
import type { Repository } from './store.ts';
import type { Workspace } from './workspace.ts';

export interface Harvest {
  /** Its parent is the clean base; kept reachable by the workspace's ref. */
  readonly commit: string;
  /** Paths added, changed or deleted. */
  readonly files: readonly string[];
}

/** Repositories without a commit that one agent may leave; more are a broken run. */
const NESTED = 20;

/**
 * Takes an agent's work out of its workspace with a git directory of ours; the agent's `.git` is never read. Ignored files stay
 * behind. `date`: ISO 8601.
 */
export async function harvest(
  repo: Repository,
  workspace: Workspace,
  date: string,
): Promise<Result<Harvest, Problem>> {
  const at: GitPlace = {
    cwd: workspace.dir,
    gitDir: workspace.harvestDir,
    commonDir: repo.plainDir,
    objects: repo.objects,
    workTree: workspace.dir,
    index: join(workspace.harvestDir, 'index'),
    ...(workspace.excludeFile !== null && { excludesFile: workspace.excludeFile }),
  };
  const added = await addAll(repo, at, workspace);
  if (!added.ok) return added;
  const args = [repo.gitDir, workspace.keepRef, ...DESCRIBE];
  const committed = await repo.script(COMMIT, args, { at, date: gitDate(date) });
  if (!succeeded(committed)) return err(gitProblem('The work could not be committed', committed));
  const { commit, changes } = remember(repo, committed.stdout, {
    commit: await readHead(workspace.harvestDir),
    unresolved: await unresolved(workspace),
  });
  return ok({ commit, files: changes.map((change) => change.path) });
}

/** Commits what is staged, tells what it changes, and keeps it: git directory, ref, command that tells. */
const COMMIT = `
  kept=$1 ref=$2 && shift 2 &&
  git commit -q --allow-empty --no-verify --no-status -m Work &&
  git "$@" HEAD &&
  read -r commit <"$GIT_DIR/HEAD" &&
  ${inGitDir('"$kept"')} &&
  git update-ref "$ref" "$commit"`;

/** Of the files that were in conflict, those that still hold a marker. */
async function unresolved({ dir, conflicts }: Workspace): Promise<string[]> {
  const texts = await Promise.all(
    conflicts.map(async (path) => {
      const stat = await lstat(join(dir, path)).catch(() => null);
      // Only a plain file: reading a pipe that an agent left would never end.
      return stat?.isFile() === true ? readFile(join(dir, path), 'utf8') : '';
    }),
  );
  return conflicts.filter((_, index) => /^(<{7}|>{7}) /m.test(texts[index] ?? ''));
}

const readHead = async (gitDir: string): Promise<string> =>
  (await readFile(join(gitDir, 'HEAD'), 'utf8')).trim();

/**
 * Stages everything. A repository the agent made inside becomes a gitlink, which the landing policy refuses by name; one
 * without a commit, which git cannot stage, is entered as a gitlink by hand, so that it is refused too and never dropped.
 */
async function addAll(
  repo: Repository,
  at: GitPlace,
  { clean }: Workspace,
): Promise<Result<null, Problem>> {
  const nested: string[] = [];
  let opened = false;
  for (let round = 0; round < NESTED; round += 1) {
    const exclude = nested.map((path) => `:(exclude,literal)${path}`);
    const added = await repo.git(['add', '-A', '--', '.', ...exclude], { at });
    if (succeeded(added)) return ok(null);
    if (!opened && /permission denied/i.test(added.stderr)) {
      opened = true;
      await openTree(at.cwd);
      continue;
    }
    const empty = /^error: '(.*)\/' does not have a commit checked out$/m.exec(added.stderr)?.[1];
    if (empty === undefined || nested.includes(empty)) {
      return err(gitProblem('The work could not be collected', added));
    }
    nested.push(empty);
    const entry = await repo.git(
      ['update-index', '--add', '--cacheinfo', `160000,${clean},${empty}`],
      { at },
    );
    if (!succeeded(entry)) return err(gitProblem('The work could not be collected', entry));
  }
  return err({
    where: 'workspace',
    what: `The agent left more than ${NESTED} empty git repositories in its workspace.`,
    remedy: 'Look at the transcript for what it was after, then run again.',
  });
}
