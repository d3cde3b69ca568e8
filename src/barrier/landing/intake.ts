import { err, ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import type { Exit } from '../../process/index.ts';
import { gitDate, gitProblem, succeeded } from '../git.ts';
import { messageOf } from './harvested.ts';
import { diffTrees, keepUnder, writeCommit } from './objects.ts';
import { inPlain } from '../store.ts';
import type { Faults, Repository } from '../store.ts';
import type { Workspace } from '../workspace/workspace.ts';

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
  incoming: Incoming,
): Promise<Result<Harvest, Problem>> {
  const { clean, cleanTree, keepRef } = workspace;
  const { faults } = incoming;
  const tree = incoming.tree ?? cleanTree;
  if (incoming.tree !== null && incoming.pack.objects > 0) {
    const exit = await unpack(repo, incoming.pack);
    if (/fsck error|^error: object /m.test(exit.stderr)) {
      const refused = [/gitmodules/i.test(exit.stderr) ? SUBMODULES : MALFORMED];
      return takeIn(repo, workspace, { ...incoming, tree: null, faults: { ...faults, refused } });
    }
    if (!succeeded(exit)) return err(gitProblem('The work could not be taken in', exit));
  }
  const date = gitDate(incoming.date);
  const [written, changes] = await Promise.all([
    writeCommit(repo, { tree, parent: clean, date, message: messageOf(faults) }),
    diffTrees(repo, cleanTree, tree),
  ]);
  if (!written.ok) return written;
  if (!changes.ok) return changes;
  const commit = written.value;
  if (!(await keepUnder(repo, keepRef, commit))) return err(notKept(keepRef));
  const harvested = { commit, base: clean, tree, changes: changes.value, faults };
  repo.known.harvested.set(commit, harvested);
  return ok({ commit, files: changes.value.map(({ path }) => path) });
}

/** Git checks every object and that none is missing. */
async function unpack(repo: Repository, { file, objects }: Incoming['pack']): Promise<Exit> {
  const at = inPlain(repo);
  if (objects >= LOOSE) {
    const script = 'git index-pack --stdin --fix-thin --strict <"$1"';
    return repo.script(script, [file], { at });
  }
  return repo.script('git unpack-objects -q --strict <"$1"', [file], { at });
}

const SUBMODULES = '.gitmodules: submodules are not allowed, undo this change';
const MALFORMED = 'git finds a file among the changes malformed, undo what concerns git itself';

const notKept = (ref: string): Problem => ({
  where: ref,
  what: 'The ref that keeps the work could not be written.',
  remedy: 'Look at free disk space and the permissions of the repository, then run again.',
});
