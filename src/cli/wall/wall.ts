import { homedir } from 'node:os';
import { join } from 'node:path';
import { openSandbox } from '../../barrier/index.ts';
import {
  ok,
  type Barrier,
  type BarrierMode,
  type Problem,
  type Result,
} from '../../domain/index.ts';
import type { Sandbox } from '../../process/index.ts';
import { cacheOf } from '../project/project.ts';
import type { World } from '../world.ts';

/** What a run puts between its processes and everything else. */
export interface RunWall {
  readonly sandbox: Sandbox;
  readonly barrier: Barrier;
}

export interface WallOptions {
  readonly project: string;
  /** Gets a few generated files. */
  readonly folder: string;
  readonly mode: BarrierMode;
  /** Where there is no sandbox, go on without instead of refusing. */
  readonly orAdvisory?: boolean;
}

const ALONE =
  'blind workspaces and no sandbox: agents, checks and the service run as your user and can read what you can';

/** Opens the sandbox of a run and tries it out; else why it does not work here and what would make it. */
export async function openWall(
  world: World,
  { project, folder, mode, orAdvisory = false }: WallOptions,
): Promise<Result<RunWall, Problem>> {
  if (mode === 'advisory') return ok(advisory(mode, '--barrier advisory'));
  const opened = await openSandbox({
    platform: world.platform,
    user: world.user,
    path: world.env['PATH'] ?? '',
    node: world.node,
    folder,
    hidden: [project, cacheOf(world), world.env['HOME'] ?? homedir()],
  });
  if (opened.ok)
    return ok({
      sandbox: opened.value,
      barrier: { mode, tier: 'bwrap', detail: told(opened.value) },
    });
  return orAdvisory ? ok(advisory(mode, `no sandbox works here: ${opened.error.what}`)) : opened;
}

const advisory = (mode: BarrierMode, why: string): RunWall => ({
  sandbox: { kind: 'none' },
  barrier: { mode, tier: 'advisory', detail: `${ALONE} (${why})` },
});

function told(sandbox: Sandbox): string {
  const who =
    sandbox.kind === 'bwrap' && sandbox.owner !== undefined
      ? `, inside as uid ${String(sandbox.owner.uid)} without rights`
      : '';
  return `sandbox of bubblewrap, tried and working: only what is named is seen, no network but named ways${who}`;
}

/** Where the files of a sandbox are that no run keeps. */
export const probeFolder = (world: World): string => join(cacheOf(world), 'sandbox');
