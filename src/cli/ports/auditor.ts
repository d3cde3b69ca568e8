import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  auditStore,
  disposeWorkspace,
  hunt,
  makeWorkspace,
  type Installer,
  type Repository,
} from '../../barrier/index.ts';
import { err, ok, type Hunt, type Problem, type Result, type Spec } from '../../domain/index.ts';
import type { Auditor } from '../../orchestrator/index.ts';
import { removeTree } from '../../process/index.ts';
import type { World } from '../world.ts';
import { beside, type AgentPlace } from '../wall/ways.ts';
import type { Guard } from './guard.ts';
import { infra } from './infra.ts';

export interface Auditing {
  readonly world: World;
  readonly repo: Repository;
  readonly spec: Spec;
  readonly installer: Installer;
  readonly runDir: string;
  readonly marker: string;
  readonly guard: Guard;
  /** What a code agent gets beside its workspace. */
  readonly place: () => Promise<AgentPlace>;
  /** `strict`: history and sandbox are looked into anew for every base. */
  readonly thorough: boolean;
}

/** What an agent would be given of a commit, looked into before the first of them gets it. */
export function auditorFor(of: Auditing): Auditor {
  let hunted = false;
  return {
    async audit(base, signal) {
      const holdouts = await of.guard.holdouts(of.thorough);
      if (!holdouts.ok) return infra(holdouts.error);
      const store = await auditStore(of.repo, base, holdouts.value);
      if (!store.ok) return infra(store.error);
      if (hunted && !of.thorough) return ok({ ...store.value, hunt: null });
      const found = await huntOn(base, of, signal);
      if (!found.ok) return infra(found.error);
      hunted = true;
      return ok({ ...store.value, hunt: found.value });
    },
  };
}

async function huntOn(
  base: string,
  of: Auditing,
  signal: AbortSignal,
): Promise<Result<Hunt, Problem>> {
  const place = await placeFor(base, of, signal);
  if (!place.ok) return place;
  try {
    const [canary, holdouts] = await Promise.all([of.guard.canary(), of.guard.holdouts()]);
    if (!canary.ok) return canary;
    if (!holdouts.ok) return holdouts;
    const { world, repo, spec, runDir, marker } = of;
    return await hunt(
      {
        canary: canary.value,
        place: place.value,
        files: (await of.guard.secrets()).files,
        objects: holdouts.value,
        paths: [spec.dir, join(repo.project, '.factory'), runDir, repo.gitDir, repo.project],
        node: world.node,
        path: repo.path,
        platform: world.platform,
        sandbox: repo.sandbox,
        scratch: repo.scratch,
        marker,
      },
      signal,
    );
  } finally {
    await place.value.dispose();
  }
}

type Place = Parameters<typeof hunt>[0]['place'] & { dispose(): Promise<void> };

/** The place of a code agent, made as its own will be. Without a wall one place is like another, and an empty folder will do. */
async function placeFor(
  base: string,
  { repo, spec, marker, installer, place }: Auditing,
  signal: AbortSignal,
): Promise<Result<Place, Problem>> {
  if (repo.sandbox.kind === 'none') {
    const cwd = join(repo.scratch, 'hunt');
    await mkdir(cwd, { recursive: true });
    return ok({ cwd, home: cwd, view: {}, dispose: () => removeTree(cwd) });
  }
  const layer = await installer.layer(base, signal);
  if (!layer.ok) return err(layer.error);
  const made = await makeWorkspace(repo, {
    run: marker,
    spec: spec.name,
    unit: '',
    attempt: 0,
    base,
    conflict: null,
    layer: layer.value,
  });
  if (!made.ok) return made;
  const { dir, home, view } = made.value;
  return ok({
    cwd: dir,
    home,
    view: beside(view, (await place()).view),
    dispose: () => disposeWorkspace(made.value),
  });
}
