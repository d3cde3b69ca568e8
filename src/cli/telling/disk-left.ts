import { join } from 'node:path';
import { quoted } from '../../report/index.ts';
import { bytesIn, sizeText } from '../project/disk.ts';
import { scratchOf } from '../project/project.ts';
import type { World } from '../world.ts';

interface Left {
  readonly project: string;
  readonly spec: string;
  readonly runDir: string;
  /** Nothing can go on with what is left. */
  readonly over: boolean;
}

/** What a run takes up on disk and what frees it, in one line. */
export async function diskLeft(
  world: World,
  { project, spec, runDir, over }: Left,
): Promise<string> {
  const [kept, record] = await Promise.all([
    bytesIn(join(scratchOf(world, project), spec)),
    bytesIn(runDir),
  ]);
  const clean = `\`implement-factory clean ${quoted(spec)}\` frees them`;
  const freed = over ? clean : `the run goes on with them; when it is over, ${clean}`;
  const scratch =
    kept === 0 ? '' : `${sizeText(kept)} of workspaces, templates and dependencies (${freed}), `;
  return `${scratch}${sizeText(record)} of journal and evidence in the run folder (they stay)`;
}
