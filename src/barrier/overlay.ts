import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Overlay } from '../process/index.ts';
import { handOverFew } from './hand-over.ts';
import { overlayWorks } from './sandbox/index.ts';
import type { Repository } from './store.ts';

/**
 * Whether workspaces can be overlays: there is a sandbox to mount one in, and kernel and file system of the scratch folder take part.
 * Tried out once, because only trying tells.
 */
export function canOverlay(repo: Repository): Promise<boolean> {
  if (repo.sandbox.kind === 'none') return Promise.resolve(false);
  return (repo.known.overlays ??= overlayWorks(repo.sandbox, repo.scratch));
}

/** The folders of an overlay in a folder of its own; `lower`: the uppermost first. */
export async function makeOverlay(
  repo: Repository,
  place: string,
  lower: readonly string[],
): Promise<Overlay> {
  const overlay = {
    at: join(place, 'project'),
    upper: join(place, 'upper'),
    work: join(place, 'work'),
    lower,
  };
  await mkdir(place, { recursive: true });
  await Promise.all([overlay.at, overlay.upper, overlay.work].map((path) => mkdir(path)));
  await handOverFew(repo, [overlay.upper, overlay.work]);
  return overlay;
}
