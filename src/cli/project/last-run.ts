import { ok, replay, type Result } from '../../domain/index.ts';
import { openStore, waitingDecisions, type RunLog } from '../../journal/index.ts';
import { loadSpec, type SpecLocation } from '../../manifest/index.ts';
import { chronicleOf, unstarted, type RunView } from '../../report/index.ts';
import { planOf } from '../run/plan.ts';
import { locateSpec, projectOf } from './project.ts';
import { faulty, refused, type Refusal } from '../refusal.ts';
import { readFactoryFile } from '../settings/file.ts';
import { saidOfService } from '../settings/layers.ts';
import { settle } from '../settings/settle.ts';
import type { World } from '../world.ts';

/** A spec as its last run left it, or as its manifest says when it was never run. */
export interface LastRun {
  readonly project: string;
  readonly location: SpecLocation;
  readonly view: RunView;
  /** Null when it was never run. */
  readonly log: RunLog | null;
}

/** Reads only; a run may go on meanwhile. */
export async function lastRunOf(
  world: World,
  argument: string | undefined,
): Promise<Result<LastRun, Refusal>> {
  const project = projectOf(world, argument);
  const location = await locateSpec(world, argument);
  if (!location.ok) return refused(location.error);
  const store = openStore(project, world.now);
  const entry = store.lastRun(location.value.name);
  if (!entry.ok) return refused(entry.error);
  const at = { project, location: location.value };
  if (entry.value !== null) {
    // Before the journal: what is taken in between is then known from there.
    const left = waitingDecisions(entry.value.dir);
    if (!left.ok) return refused(left.error);
    const log = store.readRun(entry.value);
    if (!log.ok) return refused(log.error);
    const state = replay(log.value.events);
    if (state !== null)
      return ok({
        ...at,
        log: log.value,
        view: { state, chronicle: chronicleOf(log.value.events), left: left.value },
      });
  }
  const view = await manifestView(world, at);
  return view.ok ? ok({ ...at, log: null, view: view.value }) : view;
}

/** A spec that does nothing, as its manifest describes it. */
async function manifestView(
  world: World,
  { project, location }: Pick<LastRun, 'project' | 'location'>,
): Promise<Result<RunView, Refusal>> {
  const loaded = await loadSpec(location);
  if (loaded.spec === null) return faulty(world, loaded.diagnostics);
  const file = await readFactoryFile(project);
  const settings = settle({
    flag: {},
    environment: {},
    file: file.ok ? file.value.said : {},
    manifest: saidOfService(loaded.spec.manifest.service),
  });
  return ok(unstarted(planOf(loaded.spec, settings)));
}

/**
 * Where a spec stands now: as the journal says, unless its run is over and a person has changed units or boxes since. What they wrote is
 * what the next run goes by. Without a journal, `found` is the run branch that is there all the same.
 */
export async function standingOf(world: World, last: LastRun, found = ''): Promise<RunView> {
  const { state } = last.view;
  if (last.log === null) return { ...last.view, state: { ...state, branch: found } };
  if (state.outcome === null) return last.view;
  const now = await manifestView(world, last);
  if (!now.ok || boxes(now.value) === boxes(last.view)) return last.view;
  return { ...now.value, state: { ...now.value.state, branch: state.branch } };
}

const boxes = ({ state }: RunView): string =>
  JSON.stringify(state.units.map(({ id, state: { phase } }) => [id, phase === 'completed']));
