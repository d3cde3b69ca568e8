import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { admits, unitId, type FrozenCheck, type Problem } from '../../domain/index.ts';
import { freezeRevision, type Bench, type Revision } from '../../evaluation/index.ts';
import { BASE_ENVIRONMENT, environment, removeTree } from '../../process/index.ts';
import { checksJson, checksText, historiesOf, type ChecksView } from '../../report/index.ts';
import { browserOf } from '../wall/browser.ts';
import { EXIT } from '../exit.ts';
import { leave } from '../inbox.ts';
import { lastRunOf, type LastRun } from '../project/last-run.ts';
import { scratchOf } from '../project/project.ts';
import { refuse, refused } from '../refusal.ts';
import type { World } from '../world.ts';

export interface ChecksArguments {
  readonly spec: string | undefined;
  readonly unit: string | undefined;
  readonly scenario: string | undefined;
  readonly json: boolean;
  /** File with a check that shall judge instead. */
  readonly freeze: string | undefined;
  readonly reason: string | undefined;
}

/** Lists the checks of a spec, prints one, or freezes a person's own in its place. */
export async function checks(world: World, of: ChecksArguments): Promise<number> {
  const last = await lastRunOf(world, of.spec);
  if (!last.ok) return refuse(world, last.error);
  if (of.freeze !== undefined) return freeze(world, last.value, of);
  const view = viewOf(last.value, of);
  if (of.json) {
    world.stdout.write(`${JSON.stringify(checksJson(view), null, 2)}\n`);
    return EXIT.completed;
  }
  if (of.scenario === undefined) {
    world.stdout.write(checksText(view));
    return EXIT.completed;
  }
  return print(world, view, of.scenario);
}

function viewOf({ location, log }: LastRun, { unit, scenario }: ChecksArguments): ChecksView {
  const histories = historiesOf(log?.events ?? []).filter(
    (each) =>
      (unit === undefined || each.unit === unit) &&
      (scenario === undefined || each.scenario === scenario),
  );
  return { spec: location.name, runFolder: log?.dir ?? null, histories };
}

/** The text of the check in force, as it could be edited; above it, where it and its second opinion are. */
async function print(world: World, view: ChecksView, scenario: string): Promise<number> {
  const [history] = view.histories;
  const check = history?.checks.at(-1);
  if (check === undefined || view.runFolder === null)
    return refuse(
      world,
      refused({
        where: view.spec,
        what: history?.broken ?? `There is no check of "${scenario}".`,
        remedy: `See what there is: implement-factory checks ${view.spec}`,
      }).error,
    );
  const second = history?.measurements.findLast(({ opinion }) => opinion?.check)?.opinion?.check;
  world.stderr.write(`${join(view.runFolder, check.file)}\n`);
  if (second) world.stderr.write(`second opinion: ${join(view.runFolder, second.file)}\n`);
  world.stdout.write(await readFile(join(view.runFolder, check.file), 'utf8'));
  return EXIT.completed;
}

async function freeze(world: World, last: LastRun, of: ChecksArguments): Promise<number> {
  const { location, log, project, view } = last;
  const revision = await revisionOf(of);
  if ('what' in revision) return refuse(world, refused(revision).error);
  if (log === null)
    return refuse(
      world,
      refused({
        where: location.name,
        what: 'It was never run, so it has no checks.',
        remedy: `Start it: implement-factory run ${location.name}`,
      }).error,
    );
  const { unit, scenario } = revision;
  if (!view.state.units.some(({ id }) => id === unit))
    return refuse(world, refused(unknownUnit(unit, last)).error);
  const admit = (check: FrozenCheck) => admits(view.state, unit, { kind: 'freeze', check });
  const draft = { scenario, file: '', sha256: '', origin: 'author', needsService: false } as const;
  // Asked before the check is tried, which takes a while.
  const admitted = admit(draft);
  if (!admitted.ok) return refuse(world, refused(admitted.error).error);
  const bench = benchOf(world, project);
  const frozen = await freezeRevision(
    { runDir: log.dir, bench },
    revision,
    new AbortController().signal,
  ).finally(() => removeTree(bench.scratch));
  if (!frozen.ok) return refuse(world, refused(frozen.error).error);
  return leave(world, {
    run: { ...last, log },
    answer: { subject: unit, decision: { kind: 'freeze', check: frozen.value } },
    said: `${unit} ${scenario}: frozen as ${frozen.value.sha256.slice(0, 12)}`,
  });
}

const unknownUnit = (unit: string, { location, view }: LastRun): Problem => ({
  where: location.name,
  what: `It has no unit "${unit}".`,
  remedy: `Its units: ${view.state.units.map(({ id }) => id).join(', ')}`,
});

async function revisionOf(of: ChecksArguments): Promise<Revision | Problem> {
  const { unit, scenario, freeze: file = '', reason = 'edited by a person' } = of;
  const extension = extname(file);
  if (unit === undefined || scenario === undefined)
    return {
      where: 'checks --freeze',
      what: 'It is not said which check this is.',
      remedy: 'implement-factory checks <spec> <unit> <scenario> --freeze <file>',
    };
  if (extension !== '.mjs' && extension !== '.cjs' && extension !== '.sh')
    return {
      where: file,
      what: 'A check ends in .mjs, .cjs or .sh.',
      remedy: 'Name it by how it runs.',
    };
  try {
    const code = await readFile(file, 'utf8');
    return { unit: unitId(unit), scenario, code, extension, reason };
  } catch (error) {
    return { where: file, what: (error as Error).message, remedy: 'Name a file that can be read.' };
  }
}

/** A person's own text needs no sandbox on their own machine; there is no product that could reach for it. */
const benchOf = (world: World, project: string): Bench => ({
  scratch: join(scratchOf(world, project), `freeze-${String(world.pid)}`),
  node: world.node,
  env: environment(world.env, BASE_ENVIRONMENT),
  sandbox: { kind: 'none' },
  browser: browserOf(world, world.env['IMPLEMENT_FACTORY_BROWSER'] ?? null),
  attemptMs: 10_000,
  port: null,
});
