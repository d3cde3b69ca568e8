import { readFile as readBytes } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { commitFile, headOf, readFile, type Repository } from '../../barrier/index.ts';
import { err, ok, type Problem, type Result } from '../../domain/index.ts';
import { editManifest, projectEdit, sha256 } from '../../manifest/index.ts';
import type { ManifestEdit, ManifestStore } from '../../orchestrator/index.ts';
import type { World } from '../world.ts';
import { infra } from './infra.ts';

export interface ManifestPlace {
  readonly world: World;
  readonly repo: Repository;
  readonly branch: string;
  /** The checkout's `manifest.md`, absolute. */
  readonly file: string;
  /** Whether the spec directory is in git at all. */
  readonly tracked: boolean;
}

/** `manifest.md`: the truth is on the run branch, the checkout's file is a projection of it. */
export function manifestStoreFor(place: ManifestPlace): ManifestStore {
  return {
    async plan(edit) {
      const planned = await edited(place, edit);
      if (!planned.ok) return infra(planned.error);
      const { before, after } = planned.value;
      return ok({ before: sha256(before), after: sha256(after) });
    },
    async apply(edit) {
      const commit = place.tracked ? await commitEdit(place, edit) : ok(null);
      if (!commit.ok) return infra(commit.error);
      const projected = await projectEdit(place.file, edit);
      return projected.ok ? ok({ commit: commit.value }) : infra(projected.error);
    },
  };
}

type Bytes = { readonly before: Uint8Array; readonly after: Uint8Array };

/** The manifest as it is on the run branch, or in the checkout where it is not in git, and as the edit leaves it. */
async function edited(place: ManifestPlace, edit: ManifestEdit): Promise<Result<Bytes, Problem>> {
  const before = place.tracked ? await onBranch(place) : await inCheckout(place);
  if (!before.ok) return before;
  const after = editManifest(before.value, edit);
  return after.ok ? ok({ before: before.value, after: after.value }) : after;
}

async function onBranch({
  repo,
  branch,
  file,
}: ManifestPlace): Promise<Result<Uint8Array, Problem>> {
  const head = await headOf(repo, branch);
  if (!head.ok) return head;
  const bytes = await readFile(repo, head.value, pathIn(repo, file));
  if (!bytes.ok) return bytes;
  if (bytes.value !== null) return ok(bytes.value);
  return err({
    where: `${branch}:${pathIn(repo, file)}`,
    what: 'The manifest is no longer on the run branch.',
    remedy: 'Restore it there (git reflog tells the branch’s earlier commits), then run again.',
  });
}

const pathIn = (repo: Repository, file: string): string =>
  relative(repo.project, file).split(sep).join('/');

async function inCheckout({ file }: ManifestPlace): Promise<Result<Uint8Array, Problem>> {
  try {
    return ok(await readBytes(file));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return err({
      where: file,
      what: `The manifest cannot be read: ${error.message}.`,
      remedy: 'Restore it, then run again.',
    });
  }
}

async function commitEdit(
  place: ManifestPlace,
  edit: ManifestEdit,
): Promise<Result<string, Problem>> {
  const { world, repo, branch, file } = place;
  const planned = await edited(place, edit);
  if (!planned.ok) return planned;
  return commitFile(repo, {
    branch,
    path: pathIn(repo, file),
    bytes: planned.value.after,
    message: messageOf(edit),
    date: world.now().toISOString(),
  });
}

const messageOf = ({ tick, status }: ManifestEdit): string =>
  tick.length === 0 ? `Manifest: ${status}` : `Completed: ${tick.join(', ')}`;
