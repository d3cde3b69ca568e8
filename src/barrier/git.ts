import { err, ok } from '../domain/index.ts';
import type { Problem, Result } from '../domain/index.ts';
import { run } from '../process/index.ts';
import type { Exit, Sandbox, Shell, View } from '../process/index.ts';

/** Enough for the names of a very large repository; anything longer is cut by the process room. */
const KEEP_BYTES = 48 * 1024 * 1024;
const WALL_MS = 10 * 60 * 1000;

/**
 * On the command line of every call, so that neither a person's nor a repository's own configuration can run code or change
 * what is written. Minimal stat checks, because workspaces are copies: inodes and ctimes differ, contents do not.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.untrackedCache': 'false',
  'core.checkStat': 'minimal',
  'core.trustctime': 'false',
  'core.quotePath': 'false',
  'core.logAllRefUpdates': 'false',
  // A power cut may cost the last commits, as it always could with loose objects; the branches stay whole.
  'core.fsync': 'none',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'commit.gpgSign': 'false',
  'diff.ignoreSubmodules': 'all',
  'submodule.recurse': 'false',
  'advice.addEmbeddedRepo': 'false',
  'protocol.allow': 'never',
};

const IDENTITY = { name: 'implement-factory', email: 'implement-factory@localhost' };

/** The environment of every git process: no configuration but ours, no prompts, one identity. */
const FIXED: Readonly<Record<string, string>> = {
  LC_ALL: 'C.UTF-8',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_LFS_SKIP_SMUDGE: '1',
  GIT_EDITOR: ':',
  GIT_AUTHOR_NAME: IDENTITY.name,
  GIT_AUTHOR_EMAIL: IDENTITY.email,
  GIT_COMMITTER_NAME: IDENTITY.name,
  GIT_COMMITTER_EMAIL: IDENTITY.email,
  GIT_CONFIG_COUNT: String(Object.keys(SETTINGS).length),
  ...Object.fromEntries(
    Object.entries(SETTINGS).flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  ),
};

/** The committer line of our fast-import streams. */
export const ident = (date: string): string => `${IDENTITY.name} <${IDENTITY.email}> ${date}`;

/** Where a git call works. Without `gitDir`, git looks for the repository around `cwd`. */
export interface GitPlace {
  readonly cwd: string;
  readonly gitDir?: string;
  readonly objects?: string;
  /** Where objects are read from too. */
  readonly alternates?: string;
  /** A full git directory for all but HEAD and index, of which `gitDir` holds nothing else. */
  readonly commonDir?: string;
  readonly workTree?: string;
  readonly index?: string;
  /** Names that are ignored beside those of the work tree's own `.gitignore` files. */
  readonly excludesFile?: string;
  /** `core.autocrlf`: how line ends in the work tree become those of the repository. */
  readonly lineEnds?: string;
  /** A repository of somebody else's is worked in. */
  readonly trusted?: boolean;
}

export interface GitCall {
  readonly at: GitPlace;
  readonly input?: string;
  /** Author and committer date in git's raw form, `<seconds> +0000`. */
  readonly date?: string;
  /** For a tree that an agent could have written: the run's sandbox, where git sees only this. */
  readonly view?: View;
}

/** Runs one git command. Never rejects. */
export type Git = (args: readonly string[], call: GitCall) => Promise<Exit>;

/**
 * Runs several git commands as a POSIX shell script with arguments `$1`, `$2`, …: from a process as large as ours a spawn costs
 * more than most git commands take. Never rejects.
 */
export type GitScript = (script: string, args: readonly string[], call: GitCall) => Promise<Exit>;

interface GitRunning {
  /** PATH git and its own helpers are found on. */
  readonly path: string;
  /** For the calls that have a view; all others are of the person's repository and run as the person does. */
  readonly sandbox: Sandbox;
  /** Starts what is not shut in; null: every call starts a process of its own. */
  readonly shell: Shell | null;
  /** Is told of every call (for measuring). */
  readonly spawned: () => void;
}

/** How git is run. */
export function gitRunner({ path, sandbox, shell, spawned }: GitRunning): {
  readonly git: Git;
  readonly script: GitScript;
} {
  const start = (command: [string, ...string[]], { at, input, date, view }: GitCall) => {
    spawned();
    const plan = {
      label: command.slice(0, 2).join(' '),
      command,
      cwd: at.cwd,
      env: environmentOf(path, at, date),
      ...(input === undefined ? {} : { stdin: input }),
      limits: { wallMs: WALL_MS, keepBytes: KEEP_BYTES },
    };
    const enclosed = view !== undefined && sandbox.kind !== 'none';
    if (shell !== null && !enclosed) return shell.run(plan);
    return enclosed ? run({ ...plan, view }, sandbox) : run(plan, { kind: 'none' });
  };
  return {
    git: (args, call) => start(['git', ...settings(call.at), ...args], call),
    script: (script, args, call) => start(['sh', '-c', script, 'git', ...args], call),
  };
}

/** The whole environment of a git process. */
export function environmentOf(
  path: string,
  at: GitPlace,
  date?: string,
): Readonly<Record<string, string>> {
  return {
    ...FIXED,
    PATH: path,
    ...(at.gitDir === undefined ? {} : { GIT_DIR: at.gitDir }),
    ...(at.commonDir === undefined ? {} : { GIT_COMMON_DIR: at.commonDir }),
    ...(at.objects === undefined ? {} : { GIT_OBJECT_DIRECTORY: at.objects }),
    ...(at.alternates === undefined
      ? {}
      : { GIT_ALTERNATE_OBJECT_DIRECTORIES: inList(at.alternates) }),
    ...(at.workTree === undefined ? {} : { GIT_WORK_TREE: at.workTree }),
    ...(at.index === undefined ? {} : { GIT_INDEX_FILE: at.index }),
    ...(date === undefined ? {} : { GIT_AUTHOR_DATE: `@${date}`, GIT_COMMITTER_DATE: `@${date}` }),
  };
}

/** A colon in a path would make two of it. */
const inList = (path: string): string =>
  /[:"]/.test(path) ? `"${path.replace(/[\\"]/g, '\\$&')}"` : path;

const settings = ({ excludesFile, lineEnds, trusted }: GitPlace): string[] => [
  ...(excludesFile === undefined ? [] : ['-c', `core.excludesFile=${excludesFile}`]),
  ...(lineEnds === undefined ? [] : ['-c', `core.autocrlf=${lineEnds}`]),
  ...(trusted === true ? ['-c', 'safe.directory=*'] : []),
];

/** Whether git did its work with exit code 0, and all that it said is there: half a list of changes would be taken for the whole. */
export const succeeded = (exit: Exit): boolean =>
  exit.cause === 'exited' && exit.code === 0 && exit.cut !== true;

/** The failure of a git command that has no reason to fail but the machine's. */
export function gitProblem(what: string, exit: Exit): Problem {
  const lines = exit.stderr.trim().split('\n');
  // What comes after a fatal error are its consequences.
  const said = lines.find((line) => line.startsWith('fatal: ')) ?? lines.at(-1) ?? '';
  const last = exit.cut === true ? 'it said more than can be read' : said;
  return {
    where: 'git',
    what: `${what}: git ${exit.summary}${last === '' ? '' : ` (${last})`}`,
    remedy: 'Look at free disk space and the permissions of the repository, then run again.',
  };
}

/** Stdout of a command that has to succeed. `what` completes the message: `the base could not be read`. */
export const expectOk = (what: string, exit: Exit): Result<string, Problem> =>
  succeeded(exit) ? ok(exit.stdout) : err(gitProblem(what, exit));

/** ISO 8601 → git's raw date in UTC. A date that cannot be read is our own bug. */
export function gitDate(iso: string): string {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) throw new Error(`Internal error: not a date: ${iso}`);
  return `${Math.floor(ms / 1000)} +0000`;
}
