import type { Manifest } from '../../domain/index.ts';
import { parseManifest } from '../../manifest/index.ts';
import { specPathIn } from '../run/plan.ts';
import type { LastRun } from './last-run.ts';
import { succeeded, userGit, type UserGit } from './user-git.ts';
import type { World } from '../world.ts';

/** The branch that holds the work of a spec, as git knows it: also where no journal tells of a run. */
export interface RunBranch {
  /** `factory/NNN-name`, or `<remote>/factory/NNN-name` where only a remote has it. */
  readonly name: string;
  /** `gone`: it was deleted, and what it had is in what is checked out. */
  readonly place: 'local' | 'remote' | 'gone';
  readonly isCheckedOut: boolean;
  /** Whether what is checked out has all of it: its commits, or by a squash or rebase only what is in them. */
  readonly merged: 'no' | 'commits' | 'contents';
  /** The spec's manifest as it is there; null where git has none. */
  readonly manifest: Manifest | null;
}

/** Null: no git, or neither the branch nor a remote's copy of it is here. Reads only. */
export async function runBranchOf(
  world: World,
  { project, location, view, log }: LastRun,
): Promise<RunBranch | null> {
  const git = userGit(world, project);
  const own = `factory/${location.name}`;
  const found = await refOf(git, own);
  if (found === null) {
    const { head } = view.state;
    const isIn = log !== null && head !== '' && (await isPartOfHead(git, head));
    return isIn
      ? { name: own, place: 'gone', isCheckedOut: false, merged: 'commits', manifest: null }
      : null;
  }
  const { name, place } = found;
  const isCheckedOut = (await git('symbolic-ref', '--quiet', 'HEAD')).stdout.trim() === found.ref;
  const manifest = await git('show', `${found.ref}:./${specPathIn(project, location)}/manifest.md`);
  return {
    name,
    place,
    isCheckedOut,
    merged: isCheckedOut ? 'no' : await mergedness(git, found.ref),
    manifest: succeeded(manifest)
      ? parseManifest(manifest.stdout, location.manifestFile).manifest
      : null,
  };
}

/** The local branch before a remote's, `origin` before other remotes. */
async function refOf(
  git: UserGit,
  own: string,
): Promise<(Pick<RunBranch, 'name' | 'place'> & { readonly ref: string }) | null> {
  const listed = await git(
    'for-each-ref',
    '--format=%(refname)',
    `refs/heads/${own}`,
    'refs/remotes',
  );
  const refs = listed.stdout.split('\n');
  if (refs.includes(`refs/heads/${own}`))
    return { ref: `refs/heads/${own}`, name: own, place: 'local' };
  const remote = refs.filter((ref) => ref.replace(/^refs\/remotes\/[^/]+\//, '') === own);
  const ref = remote.find((each) => each.startsWith('refs/remotes/origin/')) ?? remote[0];
  return ref === undefined
    ? null
    : { ref, name: ref.slice('refs/remotes/'.length), place: 'remote' };
}

const isPartOfHead = async (git: UserGit, commit: string): Promise<boolean> =>
  succeeded(await git('merge-base', '--is-ancestor', commit, 'HEAD'));

async function mergedness(git: UserGit, ref: string): Promise<RunBranch['merged']> {
  if (await isPartOfHead(git, ref)) return 'commits';
  const merged = await git('merge-tree', '--write-tree', '--no-messages', 'HEAD', ref);
  const tree = await git('rev-parse', '--verify', '--quiet', 'HEAD^{tree}');
  const adds = !succeeded(merged) || !succeeded(tree) || merged.stdout !== tree.stdout;
  return adds ? 'no' : 'contents';
}

/** The command that deletes a merged branch; null where there is none to delete here. */
export const deletionOf = ({ name, place, merged }: RunBranch): string | null =>
  place !== 'local' || merged === 'no'
    ? null
    : `git branch ${merged === 'commits' ? '-d' : '-D'} ${name}`;

/** How the work on a run branch stands: by the journal where there is one, else by the manifest that is on it. */
export interface Standing {
  /** Null: not all of it is measured. */
  readonly outcome: 'completed' | 'failed' | null;
  readonly units: number;
  /** Those that are not completed. */
  readonly open: readonly string[];
}

export function standingOn(
  branch: Pick<RunBranch, 'manifest'>,
  { view: { state }, log }: LastRun,
): Standing {
  const { manifest } = branch;
  if (log !== null || manifest === null) {
    const open = state.units.filter(({ state: { phase } }) => phase !== 'completed');
    const outcome = log === null ? outcomeOf(state.manifest.status) : state.outcome;
    return { outcome, units: state.units.length, open: open.map(({ id }) => id) };
  }
  const open = manifest.units.filter(({ done }) => !done);
  return {
    outcome: outcomeOf(manifest.status),
    units: manifest.units.length,
    open: open.map(({ id }) => id),
  };
}

const outcomeOf = (status: Manifest['status']): Standing['outcome'] =>
  status === 'completed' || status === 'failed' ? status : null;
