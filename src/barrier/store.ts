import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem, Result } from '../domain/index.ts';
import type { Sandbox, Shell } from '../process/index.ts';
import type { Git, GitPlace, GitScript } from './git.ts';
import type { OwnGit } from './own-git.ts';
import type { StandingGit } from './workspace/standing.ts';

/** The date of everything that must come out the same whenever it is made. */
export const FIXED_DATE = '0 +0000';

/** One entry of a raw diff between a clean base and a harvest. */
export interface Change {
  readonly status: 'A' | 'M' | 'D' | 'T';
  /** Mode after the change, `000000` when deleted. */
  readonly mode: string;
  readonly blob: string;
  readonly path: string;
}

/** A harvested commit, described once. */
export interface Harvested {
  readonly commit: string;
  /** The clean base commit it was made on. */
  readonly base: string;
  readonly tree: string;
  readonly changes: readonly Change[];
  /** What the harvest itself found wrong with the work. */
  readonly faults: Faults;
}

/** Found while the work was collected, and kept in the harvested commit: a process that takes over knows of it too. */
export interface Faults {
  /** Files in which conflict markers were left. */
  readonly unresolved: readonly string[];
  /** Symptoms of what could not be collected. */
  readonly refused: readonly string[];
}

/** What is known of the run branch, so that a landing need not ask again. `landed`: trailer key → commit. */
export interface BranchState {
  head: string;
  readonly landed: Map<string, { readonly commit: string; readonly files: number }>;
}

/**
 * An open repository: the user's, or a private one for projects without git. Made by `openRepository` only. Commits and refs live in
 * `gitDir`; everything that touches a file tree works in `plainDir`, a git directory of ours without any configuration,
 * that shares the same objects.
 */
export interface Repository {
  readonly kind: 'branch' | 'private';
  /** The project folder. */
  readonly project: string;
  readonly scratch: string;
  readonly gitDir: string;
  readonly objects: string;
  readonly plainDir: string;
  readonly objectFormat: string;
  /** Base of a new run: HEAD, or the snapshot. */
  readonly head: string;
  /** Folders no agent, service or check may see, relative to the project. */
  readonly hidden: Set<string>;
  /** For a person; changes nothing. */
  readonly notes: readonly string[];
  readonly own: OwnGit;
  readonly git: Git;
  readonly script: GitScript;
  /** Starts what is not shut in. */
  readonly shell: Shell;
  readonly standing: StandingGit;
  /** Ends the processes that stay while a run goes on; whatever is asked later starts others. */
  readonly close: () => void;
  readonly sandbox: Sandbox;
  /** How many git and copy processes were started so far. */
  readonly count: { spawns: number; imports: number; commits: number };
  /** PATH of what the runtime itself starts (`git`, `cp`). */
  readonly path: string;
  readonly known: {
    readonly trees: Map<string, string>;
    readonly clean: Map<string, Promise<Result<string, Problem>>>;
    readonly harvested: Map<string, Harvested>;
    readonly branches: Map<string, BranchState>;
    /** Files we committed, by path, and a commit that has them. */
    readonly files: Map<string, { rev: string; readonly bytes: Uint8Array }>;
    /** Whether workspaces can be overlays here; undefined before the first is made. */
    overlays: Promise<boolean> | undefined;
  };
  readonly templates: Templates;
  readonly spares: Spares;
  /** Runs one change of a branch at a time. */
  readonly oneByOne: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Lends templates; nobody changes one that is lent. */
export interface Templates {
  lend(repo: Repository, commit: string): Promise<Result<Loan, Problem>>;
  /** Lends for as long as `use` takes. */
  with<T>(
    repo: Repository,
    commit: string,
    use: (template: Template) => Promise<Result<T, Problem>>,
  ): Promise<Result<T, Problem>>;
}

/** Copies of templates, made ahead. */
export interface Spares {
  /** The folder of a copy, which is the caller's from now on; null when there is none of this clean commit. */
  take(clean: string): Promise<string | null>;
  make(repo: Repository, template: Template): Promise<void>;
  clear(): Promise<void>;
}

export interface Loan {
  readonly template: Template;
  /** Once, when nothing shows the template's files any more. */
  readonly giveBack: () => void;
}

/** A checked-out clean base with a `.git` that holds one commit; workspaces show it, or are copies of it. */
export interface Template {
  readonly clean: string;
  readonly dir: string;
}

/** Where a repository keeps things. `gitDir` is shared by all its work trees, `ownDir` belongs to this one. */
export interface Located {
  readonly gitDir: string;
  readonly ownDir: string;
  readonly objectFormat: string;
  readonly head: string;
  readonly notes: readonly string[];
}

/** Place for refs and history. */
export const inRefs = (repo: Repository): GitPlace => ({ cwd: repo.scratch, gitDir: repo.gitDir });

/** Place for objects and file trees: no configuration, no hooks, no filters. */
export const inPlain = (repo: Repository): GitPlace => ({
  cwd: repo.scratch,
  gitDir: repo.plainDir,
  objects: repo.objects,
});

/** What the git directories of all harvests have in common: no object, no ref, nothing to find. */
export const harvestGitDir = (scratch: string): string => join(scratch, 'harvest.git');

/** A chain of promises: each work begins when the one before has ended. */
export function queue(): Repository['oneByOne'] {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

export interface GitDirOptions {
  readonly head: string;
  readonly objectFormat: string;
  /** Lines of `info/exclude`. */
  readonly exclude?: readonly string[];
  /** Lines of `info/attributes`, which overrule every `.gitattributes`. */
  readonly attributes?: readonly string[];
}

/** Writes a git directory by hand: only what git needs to recognise one, and nothing that could run. */
export async function writeGitDir(
  dir: string,
  { head, objectFormat, exclude = [], attributes = [] }: GitDirOptions,
): Promise<void> {
  const info = { exclude, attributes };
  const folders = ['refs/heads', 'objects/pack', 'info'];
  await Promise.all(folders.map((name) => mkdir(join(dir, name), { recursive: true })));
  await Promise.all([
    writeFile(join(dir, 'HEAD'), `${head}\n`),
    writeFile(join(dir, 'config'), gitConfig(objectFormat)),
    ...Object.entries(info)
      .filter(([, lines]) => lines.length > 0)
      .map(([name, lines]) =>
        writeFile(join(dir, 'info', name), lines.map((line) => `${line}\n`).join('')),
      ),
  ]);
}

/**
 * What is in a work tree of an agent is what is in git, byte for byte, whatever a `.gitattributes` says of encodings and filters: a
 * bad encoding there ends git, and a good one would be undone by whoever does not know of it.
 */
export const AS_THEY_ARE: readonly string[] = ['* !working-tree-encoding !filter'];

const gitConfig = (objectFormat: string): string => {
  const sha256 = objectFormat === 'sha256';
  return [
    '[core]',
    `\trepositoryformatversion = ${sha256 ? 1 : 0}`,
    '\tfilemode = true',
    '\tbare = false',
    '\tcheckStat = minimal',
    '\ttrustctime = false',
    '[gc]',
    '\tauto = 0',
    '[user]',
    '\tname = implement-factory',
    '\temail = implement-factory@localhost',
    ...(sha256 ? ['[extensions]', '\tobjectFormat = sha256'] : []),
    '',
  ].join('\n');
};

/** Escapes a path for a line of an exclude file, anchored at the root. */
export const excludeLine = (path: string): string => `/${path.replace(/[\\*?[\]#! ]/g, '\\$&')}`;
