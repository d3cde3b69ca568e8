import { realpath, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { err, ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { branchRef, moveBranch, notMade, readHead, stillHolds } from './branch-state.ts';
import { bringUp } from './catch-up.ts';
import { expectOk, gitDate, gitProblem, succeeded } from '../git.ts';
import { inOwn } from '../own-git.ts';
import type { BranchOptions } from './branch-options.ts';
import type { GitPlace } from '../git.ts';
import { inPlain, inRefs } from '../store.ts';
import type { Repository } from '../store.ts';

export interface OpenedBranch {
  readonly branch: string;
  readonly head: string;
  /** Whether the spec directory is in git; if not, its manifest is not committed either. */
  readonly tracked: boolean;
  /** The branch holds a newer spec directory than the checkout, which nobody edited: it should be projected from the branch. */
  readonly behind: boolean;
  /** What the project has of the branch, where that is not the head. */
  readonly delivered?: string;
  /** For a person. */
  readonly notes: readonly string[];
}

/** Opens the run branch: takes it up, or makes it from its only remote copy or from the base; then puts the spec directory on it. */
export const openBranch = (
  repo: Repository,
  options: BranchOptions,
): Promise<Result<OpenedBranch, Problem>> => repo.oneByOne(() => openNow(repo, options));

async function openNow(
  repo: Repository,
  options: BranchOptions,
): Promise<Result<OpenedBranch, Problem>> {
  const { branch } = options;
  const found = await findOrMake(repo, options);
  if (!found.ok) return found;
  const freed = await freeBranch(repo, branch);
  if (!freed.ok) return freed;
  const spec = await specPath(repo, options.specDir);
  const current = await bringUp(repo, options, { tip: found.value.head, spec });
  if (!current.ok) return current;
  const { head, delivered } = current.value;
  repo.hidden.add(spec);
  const notes = [...found.value.notes, ...freed.value, ...current.value.notes];
  const place = { branch, notes, ...(delivered !== undefined && { delivered }) };

  const ignored = await repo.git(['check-ignore', '-q', '--', `${spec}/manifest.md`], {
    at: inCheckout(repo),
  });
  if (succeeded(ignored)) {
    return ok({ ...place, head, tracked: false, behind: false });
  }
  const put = await putSpec(repo, options, {
    spec,
    head,
    made: found.value.made,
  });
  return put.ok ? ok({ ...place, ...put.value, tracked: true }) : put;
}

const specPath = async (repo: Repository, specDir: string): Promise<string> => {
  const [project, dir] = await Promise.all([realpath(repo.project), realpath(specDir)]);
  return relative(project, dir).split(sep).join('/');
};

/** The user's own configuration counts here: these are their files. */
const inCheckout = ({ kind, project, gitDir, own }: Repository): GitPlace => ({
  cwd: project,
  ...(kind === 'private' && { gitDir, workTree: project }),
  ...inOwn(own),
});

interface Found {
  readonly head: string;
  readonly made: boolean;
  readonly notes: readonly string[];
}

async function findOrMake(
  repo: Repository,
  { branch, holds }: BranchOptions,
): Promise<Result<Found, Problem>> {
  const refs = expectOk(
    'The branches could not be listed',
    await repo.git(
      ['for-each-ref', '--format=%(objectname) %(refname)', branchRef(branch), 'refs/remotes'],
      {
        at: inRefs(repo),
      },
    ),
  );
  if (!refs.ok) return refs;
  const all = refs.value.split('\n').map((line) => line.split(' ') as [string, string?]);
  const own = all.find(([, name]) => name === branchRef(branch));
  const remote = all.filter(
    ([, name = '']) => name.replace(/^refs\/remotes\/[^/]+\//, '') === branch,
  );
  const [only] = remote;
  if (holds !== undefined && (own !== undefined || remote.length <= 1)) {
    // In a fresh clone with the journal of an earlier job, what the run came to is on the remote copy.
    const kept = await stillHolds(repo, { branch, tip: own?.[0] ?? only?.[0] }, holds);
    if (!kept.ok) return kept;
  }
  if (own !== undefined) return ok({ head: own[0], made: false, notes: [] });
  if (remote.length > 1) {
    return err({
      where: branch,
      what: `More than one remote has the branch ${branch}.`,
      remedy: `Make the local branch yourself: git branch ${branch} <remote>/${branch}`,
    });
  }
  const start = only?.[0] ?? repo.head;
  const made = await repo.git(['update-ref', branchRef(branch), start, ''], { at: inRefs(repo) });
  if (!succeeded(made)) return err(notMade(branch, made));
  const notes =
    only === undefined ? [] : [`Took up the run branch from ${only[1] ?? 'its remote'}.`];
  return ok({ head: start, made: true, notes });
}

/** A branch that is checked out cannot move without its files looking changed. */
async function freeBranch(
  repo: Repository,
  branch: string,
): Promise<Result<readonly string[], Problem>> {
  if (repo.kind === 'private') return ok([]);
  const place = expectOk(
    'The run branch could not be looked up',
    await repo.git(['for-each-ref', '--format=%(worktreepath)', branchRef(branch)], {
      at: inCheckout(repo),
    }),
  );
  if (!place.ok) return place;
  const path = place.value.trim();
  if (path === '') return ok([]);
  const [there, here] = await Promise.all([
    realpath(path).catch(() => path),
    realpath(repo.project),
  ]);
  if (there !== here) {
    return err({
      where: path,
      what: `The run branch ${branch} is checked out in another work tree.`,
      remedy: `Check out something else there (git -C ${path} checkout --detach), then run again.`,
    });
  }
  const detached = await repo.git(['checkout', '--detach', '-q'], { at: inCheckout(repo) });
  if (!succeeded(detached)) return err(gitProblem('HEAD could not be detached', detached));
  return ok([
    `The checkout was on ${branch}; HEAD is now detached at the same commit, so that the branch can move on.`,
  ]);
}

interface Spot {
  readonly spec: string;
  readonly head: string;
  readonly made: boolean;
}

/** One commit with the checkout's spec directory, if the branch has another one. */
async function putSpec(
  repo: Repository,
  options: BranchOptions,
  { spec, head, made }: Spot,
): Promise<Result<{ head: string; behind: boolean }, Problem>> {
  const index = join(repo.scratch, 'spec-index');
  await rm(index, { force: true });
  const at = { ...inCheckout(repo), index };
  const steps = [['read-tree', head], ['add', '-A', '--', spec], ['write-tree']];
  let tree = '';
  for (const step of steps) {
    const exit = await repo.git(step, { at });
    if (!succeeded(exit)) return err(gitProblem('The spec directory could not be read', exit));
    tree = exit.stdout.trim();
  }
  await rm(index, { force: true });
  const same = await repo.git(['rev-parse', `${head}^{tree}`], { at: inRefs(repo) });
  if (same.stdout.trim() === tree) return ok({ head, behind: false });
  if (!made || head !== repo.head) {
    const behind = await isBehind(repo, { spec, head, tree });
    if (!behind.ok) return behind;
    if (behind.value) return ok({ head, behind: true });
  }
  const name = spec.split('/').at(-1) ?? spec;
  const commit = expectOk(
    'The spec directory could not be committed',
    await repo.git(['commit-tree', tree, '-p', head, '-m', `Spec ${name}`], {
      at: inPlain(repo),
      date: gitDate(options.date),
    }),
  );
  if (!commit.ok) return commit;
  const to = commit.value.trim();
  if (await moveBranch(repo, options.branch, { from: head, to }))
    return ok({ head: to, behind: false });
  const now = await readHead(repo, options.branch);
  return err({
    where: options.branch,
    what: `The run branch moved while the spec directory was put on it (now ${now ?? 'gone'}).`,
    remedy: 'Run again.',
  });
}

/** Whether the checkout's spec directory is as committed in HEAD, and one that the branch held before: then nobody edited it. */
async function isBehind(
  repo: Repository,
  { spec, head, tree }: { spec: string; head: string; tree: string },
): Promise<Result<boolean, Problem>> {
  const at = inRefs(repo);
  const log = expectOk(
    'The history of the spec directory could not be read',
    await repo.git(['log', '--format=%H', head, '--', spec], { at }),
  );
  if (!log.ok) return log;
  const commits = log.value.split('\n').filter((line) => line !== '');
  const names = [
    `${tree}:${spec}`,
    `${repo.head}:${spec}`,
    ...commits.map((id) => `${id}:${spec}`),
  ];
  const answer = expectOk(
    'The history of the spec directory could not be read',
    await repo.git(['cat-file', '--batch-check=%(objectname)'], {
      at,
      input: `${names.join('\n')}\n`,
    }),
  );
  if (!answer.ok) return answer;
  const [mine, committed, ...earlier] = answer.value.split('\n');
  return ok(mine !== undefined && mine === committed && earlier.includes(mine));
}
