import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree, run } from '../../process/index.ts';
import type { Overlay } from '../../process/index.ts';
import { handOverFew } from '../landing/hand-over.ts';
import type { Repository } from '../store.ts';

const WALL_MS = 20_000;

/**
 * Whether workspaces can be overlays: there is a sandbox to mount one in, and kernel and file system of the scratch folder take part.
 * Tried out once, because only trying tells.
 */
export function canOverlay(repo: Repository): Promise<boolean> {
  if (repo.sandbox.kind === 'none') return Promise.resolve(false);
  return (repo.known.overlays ??= tryOut(repo));
}

/** Writing, and the two things that only overlayfs's notes make possible: removing what is below, and putting another in its place. */
const TRIAL =
  'cat old/given >taken && rm -r old && mkdir old && mv taken old/ && ! test -e old/given';

async function tryOut(repo: Repository): Promise<boolean> {
  const place = join(repo.scratch, 'overlay-probe');
  await removeTree(place);
  const lower = join(place, 'lower');
  const overlay = await makeOverlay(repo, place, [lower]);
  await mkdir(join(lower, 'old'), { recursive: true });
  await writeFile(join(lower, 'old/given'), 'given\n');
  await handOverFew(repo, [lower]);
  repo.count.spawns += 1;
  const exit = await run(
    {
      label: 'trying out an overlay',
      command: ['sh', '-c', TRIAL],
      cwd: overlay.at,
      env: { PATH: repo.path, LC_ALL: 'C.UTF-8' },
      view: { overlay },
      limits: { wallMs: WALL_MS },
    },
    repo.sandbox,
  );
  const taken = await readFile(join(overlay.upper, 'old/taken'), 'utf8').catch(() => null);
  await removeTree(place);
  return exit.cause === 'exited' && exit.code === 0 && taken === 'given\n';
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
