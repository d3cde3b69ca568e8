import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { openTree } from '../../process/index.ts';
import type { Exit } from '../../process/index.ts';
import { gitProblem, succeeded } from '../git.ts';
import { inWorkspace } from '../workspace/in-workspace.ts';
import { takeIn } from './intake.ts';
import type { Harvest } from './intake.ts';
import { short } from './policy.ts';
import type { Repository } from '../store.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Compressed bytes that one code run may add: more is data, which no reviewer reads and few hosts take. */
const MOST_BYTES = 100 * 1024 * 1024;

/** Processor time for what compresses well and has no end: tens of thousands of files take a few of them. */
const MOST_SECONDS = 60;

export interface HarvestOptions {
  /** ISO 8601. */
  readonly date: string;
  readonly mostBytes?: number;
  readonly mostSeconds?: number;
}

/**
 * Takes an agent's work out of its workspace: git collects it in the sandbox, with a git directory of ours and the workspace
 * read-only, into a pack, which is checked object by object on its way into the repository. The agent's `.git` is never read. Ignored
 * files stay behind. What cannot be collected is a fault of the work, which the landing refuses with a symptom.
 */
export async function harvest(
  repo: Repository,
  workspace: Workspace,
  { date, mostBytes = MOST_BYTES, mostSeconds = MOST_SECONDS }: HarvestOptions,
): Promise<Result<Harvest, Problem>> {
  let exit = await collect(repo, workspace, mostSeconds);
  if (/permission denied/i.test(exit.stderr)) {
    // What it took from itself it can be given back.
    await openTree(workspace.written);
    exit = await collect(repo, workspace, mostSeconds);
  }
  const collected = readCollected(exit);
  if (!collected.ok) return collected;
  const { tree, unresolved, refused, endless } = collected.value;
  const pack = await readPack(join(workspace.harvestDir, PACK_FILE));
  const tooLarge = endless || pack.bytes > mostBytes;
  return takeIn(repo, workspace, {
    tree: tooLarge ? null : tree,
    pack,
    date,
    faults: {
      unresolved: unresolved.filter((path) => workspace.conflicts.includes(path)),
      refused: tooLarge ? [TOO_LARGE] : refused,
    },
  });
}

const TOO_LARGE = 'the changes are too large for git, keep data and build results out of it';
const PACK_FILE = 'work.pack';

const collect = (repo: Repository, workspace: Workspace, mostSeconds: number): Promise<Exit> => {
  const { excludeFile, harvestDir, clean, conflicts } = workspace;
  const { at, view } = inWorkspace(repo, workspace, { readOnly: true });
  const args = [
    excludeFile ?? '/dev/null',
    join(harvestDir, PACK_FILE),
    clean,
    String(mostSeconds),
    ...conflicts.map((path) => `:(literal)${path}`),
  ];
  return repo.script(COLLECT, args, { at, view });
};

/** What is above is the shell's number for a program that was ended by a signal; this itself is git's own for a fatal error. */
const SIGNALLED = 128;

/**
 * Stages everything that git can take, and tells: whether that was all, the tree, and where of `$5`, … conflict markers are left. What
 * the tree has and the clean base, `$3`, has not goes into the pack `$2`; `$4` is the most processor time, s. A failure of `add` is told,
 * not hidden, by its exit code.
 */
const COLLECT = `
  ignored=$1 pack=$2 clean=$3 seconds=$4 && shift 4 &&
  { (ulimit -t "$seconds"; exec git -c core.excludesFile="$ignored" add -A --ignore-errors -- .); added=$? ; } &&
  { [ "$added" -le ${SIGNALLED} ] || rm -f -- "$GIT_INDEX_FILE.lock"; } &&
  tree=$(git write-tree) &&
  printf '%s %s\\n' "$added" "$tree" &&
  { [ $# = 0 ] || git grep --cached --text -lzE '^(<{7}|>{7}) ' -- "$@" || [ $? = 1 ]; } &&
  printf '%s\\n^%s^{tree}\\n' "$tree" "$clean" |
    git pack-objects --revs --stdout -q --window=0 --compression=1 --threads=1 >"$pack"`;

interface Collected {
  readonly tree: string;
  readonly unresolved: readonly string[];
  readonly refused: readonly string[];
  /** Git was still at it when its time was over. */
  readonly endless: boolean;
}

const HEADER = /^(\d+) ([0-9a-f]{40}|[0-9a-f]{64})\n/;

function readCollected(exit: Exit): Result<Collected, Problem> {
  const header = HEADER.exec(exit.stdout);
  if (!succeeded(exit) || header === null || isMachines(exit.stderr))
    return err(gitProblem('The work could not be collected', exit));
  const [whole, added = '', tree = ''] = header;
  const unresolved = exit.stdout.slice(whole.length).split('\0').slice(0, -1);
  const endless = Number(added) > SIGNALLED;
  return ok({ tree, unresolved, endless, refused: added === '0' ? [] : refusals(exit.stderr) });
}

/** A machine in trouble is no fault of the work. */
const isMachines = (stderr: string): boolean =>
  /no space left|input\/output error|disk quota|cannot allocate memory|out of memory|too many open files|read-only file system/i.test(
    stderr,
  );

/** Git's complaints of the work, each as what to undo. */
function refusals(stderr: string): string[] {
  const nested = [...stderr.matchAll(/^error: '(.*)\/' does not have a commit checked out$/gm)];
  if (nested.length > 0)
    return nested.map(
      ([, path = '']) => `${short(path)}: is a git repository of its own, remove its .git folder`,
    );
  const [, path = ''] = /^(?:error|fatal): [^'\n]*'([^'\n]+)'/m.exec(stderr) ?? [];
  return [path === '' ? NOT_TAKEN : `${short(path)}: ${NOT_TAKEN}`];
}

const NOT_TAKEN = 'git cannot take this in, undo this change';

/** A pack begins with `PACK`, its version, and the number of its objects. */
async function readPack(file: string): Promise<{ file: string; bytes: number; objects: number }> {
  const handle = await open(file);
  try {
    const header = Buffer.alloc(12);
    await handle.read(header, 0, 12, 0);
    return { file, bytes: (await handle.stat()).size, objects: header.readUInt32BE(8) };
  } finally {
    await handle.close();
  }
}
