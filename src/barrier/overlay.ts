import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree, run } from '../process/index.ts';
import type { Overlay } from '../process/index.ts';
import { handOver } from './hand-over.ts';
import type { Repository } from './store.ts';

const WALL_MS = 20_000;

/**
 * Whether workspaces can be overlays: there is a sandbox to mount one in, and kernel and file system of the scratch folder take part.
 * Tried out once, because only trying tells.
 */
export function canOverlay(repo: Repository): Promise<boolean> {
  if (repo.sandbox.kind === 'none') return Promise.resolve(false);
  return (repo.known.overlays ??= tryOut(repo));
}

async function tryOut(repo: Repository): Promise<boolean> {
  const place = join(repo.scratch, 'overlay-probe');
  await removeTree(place);
  const overlay = await makeOverlay(repo, place, [join(place, 'lower')]);
  await mkdir(join(place, 'lower'), { recursive: true });
  await writeFile(join(place, 'lower/given'), 'given\n');
  repo.count.spawns += 1;
  const exit = await run(
    {
      label: 'trying out an overlay',
      command: ['sh', '-c', 'cat given >taken && rm given && mkdir folder && mv taken folder/'],
      cwd: overlay.at,
      env: { PATH: repo.path, LC_ALL: 'C.UTF-8' },
      view: { overlay },
      limits: { wallMs: WALL_MS },
    },
    repo.sandbox,
  );
  const taken = await readFile(join(overlay.upper, 'folder/taken'), 'utf8').catch(() => null);
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
  await handOver(repo, [overlay.upper, overlay.work]);
  return overlay;
}
