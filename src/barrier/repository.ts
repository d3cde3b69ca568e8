import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { err, ok } from '../domain/index.ts';
import type { Problem, Result } from '../domain/index.ts';
import { Shell } from '../process/index.ts';
import type { Sandbox } from '../process/index.ts';
import { checkRepository, readTree } from './workspace/checkup.ts';
import { environmentOf, gitRunner, succeeded } from './git.ts';
import type { Git, GitPlace } from './git.ts';
import { inOwn } from './own-git.ts';
import type { OwnGit } from './own-git.ts';
import { SpareCopy } from './workspace/spare.ts';
import { standingGit } from './workspace/standing.ts';
import { openSnapshot } from './workspace/snapshot.ts';
import { AS_THEY_ARE, harvestGitDir, queue, writeGitDir } from './store.ts';
import type { Located, Repository } from './store.ts';
import { TemplatePool } from './workspace/template.ts';

export interface OpenOptions {
  /** Absolute path of the project folder. */
  readonly project: string;
  /** `branch`: the user's git repository. `none`: a private one under `.factory/`. */
  readonly mode: 'branch' | 'none';
  /** Folder of ours for templates, workspaces, layers and indexes; best outside the project. */
  readonly scratch: string;
  /** PATH on which `git` and `cp` are found. */
  readonly path: string;
  /** Date of the snapshot commit of a private repository, ISO 8601. */
  readonly date: string;
  /** Further folders to hide, relative to the project: a spec directory outside the usual places. */
  readonly hide?: readonly string[];
  readonly own?: OwnGit;
  readonly sandbox: Sandbox;
}

/** Opens the repository a run works in. Problems: no git, not a repository, no commit, bare, dirty, in the middle of a merge, submodules, LFS and other filters. */
export async function openRepository(options: OpenOptions): Promise<Result<Repository, Problem>> {
  const shell = new Shell(join(options.scratch, 'calls'));
  const opened = await openWith(options, shell);
  if (!opened.ok) shell.close();
  return opened;
}

async function openWith(options: OpenOptions, shell: Shell): Promise<Result<Repository, Problem>> {
  const count = { spawns: 0, imports: 0, commits: 0 };
  const { path, sandbox } = options;
  const spawned = () => {
    count.spawns += 1;
  };
  const { git, script } = gitRunner({ path, sandbox, shell, spawned });
  const { own = { ignore: null, lineEnds: null, trusts: false, filters: [] } } = options;
  await mkdir(options.scratch, { recursive: true });
  const place =
    options.mode === 'branch'
      ? await locate(options.project, own, git)
      : await openSnapshot({ project: options.project, date: options.date, git });
  if (!place.ok) return place;
  if (options.mode === 'branch') {
    const fine = await checkRepository(options.project, { ownDir: place.value.ownDir, own }, git);
    if (!fine.ok) return fine;
  }
  const filters = options.mode === 'branch' ? own.filters : null;
  const tree = await readTree({ project: options.project, place: place.value, filters, git });
  if (!tree.ok) return tree;

  const plainDir = join(options.scratch, 'plain.git');
  await writeGitDir(plainDir, {
    head: 'ref: refs/heads/import',
    objectFormat: place.value.objectFormat,
  });
  await writeGitDir(harvestGitDir(options.scratch), {
    head: 'ref: refs/heads/harvest',
    objectFormat: place.value.objectFormat,
    attributes: AS_THEY_ARE,
  });
  const objects = join(place.value.gitDir, 'objects');
  const standing = standingGit(
    (at) => ({ cwd: options.scratch, env: environmentOf(path, at), spawned }),
    {
      objects: { cwd: options.scratch, gitDir: plainDir, objects },
      refs: { cwd: options.scratch, gitDir: place.value.gitDir },
    },
  );
  return ok({
    kind: options.mode === 'branch' ? 'branch' : 'private',
    project: options.project,
    scratch: options.scratch,
    gitDir: place.value.gitDir,
    objects,
    plainDir,
    objectFormat: place.value.objectFormat,
    head: place.value.head,
    hidden: new Set(['.start/specs', ...tree.value.legacySpecs, ...(options.hide ?? [])]),
    notes: place.value.notes,
    own,
    git,
    script,
    shell,
    standing,
    close: () => {
      shell.close();
      for (const process of Object.values(standing)) process.close();
    },
    sandbox,
    count,
    path,
    known: {
      trees: new Map(),
      clean: new Map(),
      harvested: new Map(),
      branches: new Map(),
      files: new Map(),
      overlays: undefined,
    },
    templates: new TemplatePool(options.scratch),
    spares: new SpareCopy(),
    oneByOne: queue(),
  });
}

const QUESTIONS = [
  '--is-bare-repository',
  '--git-common-dir',
  '--absolute-git-dir',
  '--show-object-format',
  '--show-cdup',
];

/** Finds the user's repository around the project. */
export async function locate(
  project: string,
  own: OwnGit,
  git: Git,
): Promise<Result<Located, Problem>> {
  const at = { cwd: project, ...inOwn(own) };
  const asked = await git(['rev-parse', ...QUESTIONS], { at });
  if (asked.cause === 'not_started') return err(noGit(asked.summary));
  if (!succeeded(asked)) return err(noRepository(project, asked.stderr));
  const lines = asked.stdout.replace(/\n$/, '').split('\n');
  const [bare] = lines;
  const [objectFormat = 'sha1', up = ''] = lines.slice(-2);
  if (bare === 'true') {
    return err({
      where: project,
      what: 'This is a bare git repository: it has no files to work on.',
      remedy: 'Clone it and run in the clone.',
    });
  }
  if (up !== '') return err(notAtTop(project, resolve(project, up)));
  const one = lines.length === QUESTIONS.length;
  const common = one ? (lines[1] ?? '') : await pathAlone('--git-common-dir', at, git);
  const ownDir = one ? (lines[2] ?? '') : await pathAlone('--absolute-git-dir', at, git);
  const here = await git(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], { at });
  const head = here.stdout.trim();
  if (head === '') return err(noCommit(project));
  return ok({ gitDir: resolve(project, common), ownDir, objectFormat, head, notes: [] });
}

/** A path that git tells alone, because there are line feeds in it. */
const pathAlone = async (question: string, at: GitPlace, git: Git): Promise<string> =>
  (await git(['rev-parse', question], { at })).stdout.replace(/\n$/, '');

const noGit = (summary: string): Problem => ({
  where: 'git',
  what: `git ${summary}.`,
  remedy: 'Install git 2.38 or newer and make sure that it is on the PATH.',
});

function noRepository(project: string, stderr: string): Problem {
  if (/dubious ownership/.test(stderr)) {
    return {
      where: project,
      what: 'git refuses this repository because it belongs to another user.',
      remedy: `Run as its owner, or trust it with \`git config --global --add safe.directory ${project}\`, or use --git none.`,
    };
  }
  return {
    where: project,
    what: 'This folder is not in a git repository.',
    remedy: 'Run git init and make a first commit, or use --git none.',
  };
}

const notAtTop = (project: string, top: string): Problem => ({
  where: project,
  what: `The git repository begins further up, at ${top}.`,
  remedy: 'Move the .start folder to the top of the repository and run there, or use --git none.',
});

const noCommit = (project: string): Problem => ({
  where: project,
  what: 'The git repository has no commit yet, so there is nothing to build on.',
  remedy: 'Make a first commit (git add -A, then git commit), or use --git none.',
});
