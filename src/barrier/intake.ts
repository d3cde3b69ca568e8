import { err, ok } from '../domain/index.ts';
import type { Problem, Result } from '../domain/index.ts';
import { gitDate, gitProblem, inGitDir, succeeded } from './git.ts';
import { DESCRIBE, messageOf, remember } from './harvested.ts';
import { inPlain } from './store.ts';
import type { Faults, Repository } from './store.ts';
import type { Workspace } from './workspace.ts';

export interface Harvest {
  /** Its parent is the clean base; kept reachable by the workspace's ref. */
  readonly commit: string;
  /** Paths added, changed or deleted. */
  readonly files: readonly string[];
}

export interface Incoming {
  /** Null: nothing of the work is taken, only why. */
  readonly tree: string | null;
  readonly pack: { readonly file: string; readonly objects: number };
  readonly faults: Faults;
  /** ISO 8601. */
  readonly date: string;
}

/** As git's own `receive.unpackLimit`: a few objects are stored one by one, many as the pack they came in. */
const LOOSE = 100;

/**
 * Takes collected work into the repository: the objects are checked, the commit, its parent and its message are ours. A pack with which
 * git finds fault is a fault of the work.
 */
export async function takeIn(
  repo: Repository,
  workspace: Workspace,
  { tree, pack, faults, date }: Incoming,
): Promise<Result<Harvest, Problem>> {
  const { clean, keepRef } = workspace;
  const take =
    tree === null || pack.objects === 0 ? 'nothing' : pack.objects < LOOSE ? 'loose' : 'pack';
  const args = [
    take,
    pack.file,
    tree ?? `${clean}^{tree}`,
    clean,
    keepRef,
    repo.gitDir,
    ...DESCRIBE,
  ];
  const exit = await repo.script(TAKE_IN, args, {
    at: inPlain(repo),
    date: gitDate(date),
    input: messageOf(faults),
  });
  if (tree !== null && /fsck error|^error: object /m.test(exit.stderr)) {
    const refused = [/gitmodules/i.test(exit.stderr) ? SUBMODULES : MALFORMED];
    return takeIn(repo, workspace, { tree: null, pack, date, faults: { ...faults, refused } });
  }
  if (!succeeded(exit)) return err(gitProblem('The work could not be taken in', exit));
  const end = exit.stdout.indexOf('\n');
  const commit = exit.stdout.slice(0, end);
  const { changes } = remember(repo, commit, exit.stdout.slice(end + 1));
  return ok({ commit, files: changes.map((change) => change.path) });
}

const SUBMODULES = '.gitmodules: submodules are not allowed, undo this change';
const MALFORMED = 'git finds a file among the changes malformed, undo what concerns git itself';

/** Git checks every object and that none is missing; then commits, tells of the commit, and keeps it. */
const TAKE_IN = `
  take=$1 pack=$2 tree=$3 clean=$4 ref=$5 kept=$6 && shift 6 &&
  case $take in
    loose) git unpack-objects -q --strict <"$pack" ;;
    pack) git index-pack --stdin --fix-thin --strict <"$pack" >/dev/null ;;
  esac &&
  commit=$(git commit-tree "$tree" -p "$clean" -F -) &&
  printf '%s\\n' "$commit" &&
  git "$@" "$commit" &&
  ${inGitDir('"$kept"')} &&
  git update-ref "$ref" "$commit"`;
