import { lockHolder } from '../../journal/index.ts';
import { statusJson, statusText } from '../../report/index.ts';
import { EXIT } from '../exit.ts';
import { lastRunOf, standingOf } from '../project/last-run.ts';
import { runBranchOf, standingOn } from '../project/run-branch.ts';
import { refuse, refused } from '../refusal.ts';
import { widthOf, type World } from '../world.ts';

/** Where a spec stands, from journal and manifest; also while a run goes on. */
export async function status(
  world: World,
  { spec, json }: { spec: string | undefined; json: boolean },
): Promise<number> {
  const last = await lastRunOf(world, spec);
  if (!last.ok) return refuse(world, last.error);
  const { project, location } = last.value;
  const branch = last.value.log === null ? await runBranchOf(world, last.value) : null;
  const view = await standingOf(world, last.value, branch?.name);
  if (json) {
    world.stdout.write(`${JSON.stringify(statusJson(view), null, 2)}\n`);
    return EXIT.completed;
  }
  const working = await lockHolder(project, location.name);
  if (!working.ok) return refuse(world, refused(working.error).error);
  world.stdout.write(
    statusText(view, {
      working: working.value,
      columns: widthOf(world.stdout) ?? 100,
      found: branch && {
        name: branch.name,
        merged: branch.merged !== 'no',
        over: standingOn(branch, last.value).outcome !== null,
      },
    }),
  );
  return EXIT.completed;
}
