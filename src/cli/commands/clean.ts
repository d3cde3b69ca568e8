import { join } from 'node:path';
import { err, ok, type Result } from '../../domain/index.ts';
import { isOver, lockSpec, openStore } from '../../journal/index.ts';
import { removeTree } from '../../process/index.ts';
import { aligned } from '../../report/index.ts';
import { bytesIn, sizeText } from '../project/disk.ts';
import { abandonedIn, specsIn, type Abandoned } from '../project/gone.ts';
import { EXIT } from '../exit.ts';
import { locateSpec, projectOf, scratchOf } from '../project/project.ts';
import { refuse, refused } from '../refusal.ts';
import type { World } from '../world.ts';

export interface CleanArguments {
  /** None: every spec of the project. */
  readonly spec: string | undefined;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** What became of the folder of one spec, or would. */
interface Cleared {
  readonly spec: string;
  readonly bytes: number;
  readonly removed: boolean;
  /** Why it stays; null when it goes. */
  readonly kept: string | null;
}

/**
 * Removes what finished runs left to be used again: workspaces, templates, installed dependencies, trees of the product. Whatever agents
 * built is in the repository, which is not touched; nor are journals and evidence. Without a spec the same of projects that are not there any more:
 * one that was moved has made itself another folder since, or will.
 */
export async function clean(world: World, { spec, dryRun, json }: CleanArguments): Promise<number> {
  const project = projectOf(world, spec);
  const scratch = scratchOf(world, project);
  let names = await specsIn(scratch);
  if (spec !== undefined) {
    const location = await locateSpec(world, spec);
    if (!location.ok) return refuse(world, refused(location.error).error);
    names = names.filter((name) => name === location.value.name);
  }
  const all: Cleared[] = [];
  for (const name of [...names].sort())
    all.push(await clear(world, { project, scratch, name, dryRun }));
  const gone: Gone[] = [];
  for (const each of spec === undefined ? await abandonedIn(world) : [])
    gone.push(await sweep(each, dryRun));
  const record = await bytesIn(join(project, '.factory'));
  if (json)
    world.stdout.write(`${JSON.stringify({ scratch, specs: all, gone, record }, null, 2)}\n`);
  else world.stdout.write(textOf(all, { gone, scratch, record, dryRun }));
  return EXIT.completed;
}

/** What became of the folder of a project that is not there any more, or would. */
interface Gone extends Abandoned {
  readonly bytes: number;
  readonly removed: boolean;
}

async function sweep(of: Abandoned, dryRun: boolean): Promise<Gone> {
  const bytes = await bytesIn(of.folder);
  if (!dryRun) await removeTree(of.folder);
  return { ...of, bytes, removed: !dryRun };
}

interface Clearing {
  readonly project: string;
  readonly scratch: string;
  readonly name: string;
  readonly dryRun: boolean;
}

async function clear(world: World, of: Clearing): Promise<Cleared> {
  const { project, scratch, name, dryRun } = of;
  const dir = join(scratch, name);
  const bytes = await bytesIn(dir);
  const stays = (kept: string): Cleared => ({ spec: name, bytes, removed: false, kept });
  // Held while the folder goes, so that no run begins in it.
  const lock = await lockSpec(project, name, {
    pid: world.pid,
    host: world.host,
    started: world.now().toISOString(),
    command: 'implement-factory clean',
  });
  if (!lock.ok) return stays(lock.error.what);
  try {
    const finished = isFinished(world, of);
    if (!finished.ok) return stays(finished.error);
    if (!finished.value)
      return stays(`its run is not over: \`implement-factory run ${name}\` goes on with it`);
    if (!dryRun) await removeTree(dir);
    return { spec: name, bytes, removed: !dryRun, kept: null };
  } finally {
    lock.value.release();
  }
}

/** A spec of which no run is known any more has nothing that could go on. */
function isFinished(world: World, { project, name }: Clearing): Result<boolean, string> {
  const store = openStore(project, world.now);
  const last = store.lastRun(name);
  if (!last.ok) return err(last.error.what);
  if (last.value === null) return ok(true);
  const log = store.readRun(last.value);
  return log.ok ? ok(isOver(log.value.events)) : err(log.error.what);
}

function textOf(
  all: readonly Cleared[],
  {
    gone,
    scratch,
    record,
    dryRun,
  }: { gone: readonly Gone[]; scratch: string; record: number; dryRun: boolean },
): string {
  const going = all.filter(({ kept }) => kept === null);
  const rows = [
    ...going.map(({ spec, bytes, removed }) => [
      spec,
      sizeText(bytes),
      removed ? 'removed' : 'would be removed',
    ]),
    ...gone.map(({ project, bytes, removed }) => [
      project,
      sizeText(bytes),
      `${removed ? 'removed' : 'would be removed'}: this project is not there any more`,
    ]),
  ];
  const freed = [...going, ...gone].reduce((sum, { bytes }) => sum + bytes, 0);
  const stay = all.flatMap(({ spec, bytes, kept }) =>
    kept === null ? [] : [`${spec} stays (${sizeText(bytes)}): ${kept}`],
  );
  const told =
    rows.length === 0 && stay.length > 0
      ? `Nothing ${dryRun ? 'to be freed' : 'was freed'}`
      : `${sizeText(freed)} ${dryRun ? 'to be freed' : 'freed'}`;
  return [
    ...(rows.length === 0 ? [] : aligned([['spec', 'size', ''], ...rows])),
    ...stay,
    `${told} in ${scratch}; journals, transcripts and evidence in .factory/ take up ${sizeText(record)} and stay.`,
    '',
  ].join('\n');
}
