import type { WorkPlace } from '../../report/index.ts';
import type { LastRun } from '../project/last-run.ts';
import { deletionOf, runBranchOf } from '../project/run-branch.ts';
import type { World } from '../world.ts';

/** Where the work of a run is now: in the project, on its branch, or merged. */
export async function workPlaceOf(world: World, last: LastRun): Promise<WorkPlace> {
  if (last.log === null) return {};
  if (last.view.state.branch === '') return { copiedTo: last.project };
  const branch = await runBranchOf(world, last);
  if (branch === null || branch.merged === 'no') return {};
  return { merged: { deletion: deletionOf(branch) } };
}
