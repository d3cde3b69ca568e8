import { readFile as readBytes } from 'node:fs/promises';
import { readFile, type Repository } from '../../barrier/index.ts';
import { ok, type Result } from '../../domain/index.ts';
import { loadSpec, sha256, writeAtomically } from '../../manifest/index.ts';
import { faulty, refused, type Refusal } from '../refusal.ts';
import type { World } from '../world.ts';
import type { Prepared } from './prepare.ts';

interface Place extends Pick<Prepared, 'spec' | 'stubs' | 'location'> {
  readonly repo: Repository;
  /** Tip of the run branch. */
  readonly head: string;
  /** The checkout's manifest is an older one. */
  readonly behind: boolean;
}

/** A checkout behind its run branch (a fresh clone, say) gets the branch's manifest, ticks and all. */
export async function upToDate<P extends Place>(
  world: World,
  place: P,
): Promise<Result<P, Refusal>> {
  if (!place.behind) return ok(place);
  const { repo, head, spec, location } = place;
  const path = spec.manifestFile.slice(repo.project.length + 1);
  const bytes = await readFile(repo, head, path);
  if (!bytes.ok) return refused(bytes.error);
  if (bytes.value === null) return ok(place);
  const own = sha256(await readBytes(spec.manifestFile));
  const written = await writeAtomically(spec.manifestFile, bytes.value, own);
  if (!written.ok) return refused(written.error);
  const loaded = await loadSpec(location);
  if (loaded.spec === null) return faulty(world, loaded.diagnostics);
  return ok({ ...place, spec: loaded.spec, stubs: loaded.stubs });
}
