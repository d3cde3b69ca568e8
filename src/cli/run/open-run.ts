import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  clearLeftovers,
  openBranch,
  openRepository,
  type OpenedBranch,
  type Repository,
} from '../../barrier/index.ts';
import {
  ok,
  replay,
  type Barrier,
  type Result,
  type RunEvent,
  type RunFact,
  type RunState,
} from '../../domain/index.ts';
import { openStore, takeDecisions, type OpenRun, type Store } from '../../journal/index.ts';
import { settle, spineOf } from '../../orchestrator/index.ts';
import { lacksBrowser } from '../wall/browser.ts';
import { withDurations } from './durations.ts';
import { EXIT } from '../exit.ts';
import { legacyOf, settleLegacy } from './inherited.ts';
import { inputsOf, planOf } from './plan.ts';
import type { Prepared } from './prepare.ts';
import { noteProject } from '../project/gone.ts';
import { scratchOf } from '../project/project.ts';
import { lockFor } from './spec-lock.ts';
import { refused, type Refusal } from '../refusal.ts';
import type { Teardown } from './teardown.ts';
import { openWall } from '../wall/wall.ts';
import { upToDate } from './up-to-date.ts';
import { ownGit } from '../project/user-git.ts';
import { unfinishedRun, type Beginning, type Unfinished } from './unfinished-run.ts';
import type { World } from '../world.ts';

/** A run that this process owns, ready to be driven. */
export interface Opened extends Prepared {
  readonly repo: Repository;
  readonly barrier: Barrier;
  readonly branch: string;
  /** Whether the spec directory is in git. */
  readonly tracked: boolean;
  readonly log: OpenRun;
  /** Events of the run before this process took it up; empty for a new one. */
  readonly past: readonly RunEvent[];
  readonly state: RunState;
  /** What the journal got when the run was begun or taken up. */
  readonly opening: readonly RunEvent[];
}

/** Takes the lock, opens repository and branch, and begins a run or takes up the last one. */
export async function openRun(
  world: World,
  prepared: Prepared,
  { teardown, orAdvisory, ...beginning }: Beginning & { teardown: Teardown; orAdvisory: boolean },
): Promise<Result<Opened, Refusal>> {
  const { project, location } = prepared;
  const lock = await lockFor(world, prepared);
  if (!lock.ok) {
    // A lock that somebody holds is named by the spec; one that cannot be made, by its file.
    const held = lock.error.where === location.name;
    return refused(lock.error, held ? EXIT.invalid : EXIT.stopped);
  }
  teardown.add(() => lock.value.release());
  const store = openStore(project, world.now, world.ticks);
  const unfinished = await unfinishedRun(world, prepared, { ...beginning, store });
  if (!unfinished.ok) return unfinished;
  const blind = lacksBrowser(prepared, unfinished.value?.state ?? null);
  if (blind !== null) return refused(blind);
  const place = await openPlace(world, prepared, {
    teardown,
    holds: unfinished.value?.state.head,
    delivered: unfinished.value === null ? lastDelivered(store, location.name) : undefined,
    orAdvisory,
  });
  if (!place.ok) return place;
  const current = await upToDate(world, { ...prepared, ...place.value });
  if (!current.ok) return current;
  return begin(world, { store, unfinished: unfinished.value, place: current.value, teardown });
}

type Place = Prepared &
  Pick<Opened, 'repo' | 'branch' | 'tracked' | 'barrier'> &
  Pick<OpenedBranch, 'head' | 'notes' | 'delivered'>;

interface Opening {
  readonly teardown: Teardown;
  readonly holds: string | undefined;
  readonly delivered: string | undefined;
  readonly orAdvisory: boolean;
}

async function openPlace(
  world: World,
  { project, location, git, settings }: Prepared,
  { teardown, holds, delivered, orAdvisory }: Opening,
): Promise<Result<OpenedBranch & Pick<Opened, 'repo' | 'barrier'>, Refusal>> {
  const date = world.now().toISOString();
  const scratch = join(scratchOf(world, project), location.name);
  await clearLeftovers(scratch);
  await noteProject(world, project);
  teardown.add(() => clearLeftovers(scratch));
  // In a sandbox that root has made it is somebody else who reads them.
  if (world.user.uid === 0 && settings.barrier !== 'advisory') teardown.add(world.shareFiles());
  const folder = join(scratch, 'sandbox');
  const wall = await openWall(world, { project, folder, mode: settings.barrier, orAdvisory });
  if (!wall.ok) return refused(wall.error);
  const repo = await openRepository({
    project,
    mode: git,
    scratch,
    path: world.env['PATH'] ?? '',
    date,
    own: await ownGit(world, project),
    sandbox: wall.value.sandbox,
  });
  if (!repo.ok) return refused(repo.error);
  teardown.add(() => repo.value.close());
  const branch = await openBranch(repo.value, {
    branch: `factory/${location.name}`,
    specDir: location.dir,
    date,
    ...(holds !== undefined && { holds }),
    ...(delivered !== undefined && { delivered }),
  });
  // By now git has been found and the repository is sound: what it cannot do is the machine's.
  if (!branch.ok)
    return refused(branch.error, branch.error.where === 'git' ? EXIT.stopped : EXIT.invalid);
  const notes = [...repo.value.notes, ...branch.value.notes];
  return ok({ ...branch.value, repo: repo.value, barrier: wall.value.barrier, notes });
}

async function begin(
  world: World,
  {
    store,
    unfinished,
    place,
    teardown,
  }: { store: Store; unfinished: Unfinished | null; place: Place; teardown: Teardown },
): Promise<Result<Opened, Refusal>> {
  const { spec } = place;
  if (unfinished !== null) {
    const { log } = unfinished;
    teardown.add(() => log.close());
    return takeUp(place, unfinished);
  }
  const started = withDurations(store, await startedBy(place));
  const legacy = await legacyOf(store, spec.name, started);
  const made = store.createRun(spec.name, runId(world));
  if (!made.ok) return refused(made.error, EXIT.stopped);
  const log = made.value;
  teardown.add(() => log.close());
  await settleLegacy(legacy, log.dir);
  const inherited = legacy.inherited.length > 0 && { inherited: [...legacy.inherited] };
  const facts = [{ ...started, ...inherited }, opened(place), ...noted(place.notes)];
  return record(place, log, facts);
}

const startedBy = async ({ repo, branch, head, spec, settings, delivered, flags }: Place) => ({
  type: 'run.started' as const,
  plan: planOf(spec, settings),
  branch: repo.kind === 'branch' ? branch : '',
  base: head,
  ...(delivered !== undefined && { delivered }),
  inputs: await inputsOf(spec),
  flags: [...flags],
});

/** Without git: what the project has of the run branch, whose last commits an aborted run may have kept to itself. */
function lastDelivered(store: Store, spec: string): string | undefined {
  const last = store.lastRun(spec);
  if (!last.ok || last.value === null) return undefined;
  const log = store.readRun(last.value);
  return log.ok ? replay(log.value.events)?.delivered : undefined;
}

/** What `decide` left meanwhile answers the questions the run stopped with; only then does it begin again. */
function takeUp(place: Place, { log, state }: Unfinished): Result<Opened, Refusal> {
  const left = takeDecisions(log.dir);
  if (!left.ok) return refused(left.error, EXIT.stopped);
  const opening: RunEvent[] = [];
  const spine = spineOf(state, { journal: log, publish: (event) => opening.push(event) });
  for (const found of left.value.taken) {
    settle(spine, { subject: found.subject, decision: found.decision, by: 'decide' });
    if (spine.lost === null) found.done();
  }
  const notes = [...log.notes, ...left.value.notes, ...place.notes];
  for (const fact of [resumed(place, state), opened(place), ...noted(notes)]) spine.record(fact);
  if (spine.lost !== null) return refused(spine.lost, EXIT.stopped);
  return ok({ ...place, log, past: log.events, opening, state: spine.state });
}

/** What is no measure of the result goes by this call, not by the first one. */
function resumed({ spec, settings, flags }: Place, { plan }: RunState): RunFact {
  const { slots, parallelEval, infra, patience, service, budget, agents, escalate } = planOf(
    spec,
    settings,
  );
  // A ladder that this call says nothing of stays as it was.
  const ladder = escalate === undefined ? {} : { escalate };
  const now = { slots, parallelEval, infra, patience, service, budget, agents, ...ladder };
  const same = Object.entries(now).every(([key, value]) =>
    isDeepStrictEqual(plan[key as keyof typeof now], value),
  );
  return { type: 'run.resumed', flags: [...flags], ...(same ? {} : { plan: now }) };
}

const opened = ({ barrier }: Place): RunFact => ({ type: 'barrier.opened', ...barrier });

const noted = (notes: readonly string[]): readonly RunFact[] =>
  notes.map((message) => ({ type: 'run.noted', message }));

function record(place: Place, log: OpenRun, facts: readonly RunFact[]): Result<Opened, Refusal> {
  const opening: RunEvent[] = [];
  for (const fact of facts) {
    const event = log.append(fact);
    if (!event.ok) return refused(event.error, EXIT.stopped);
    opening.push(event.value);
  }
  const state = replay(opening);
  if (state === null) throw new Error('Internal error: a run without a beginning');
  return ok({ ...place, log, past: [], opening, state });
}

/** Sorts by time; the tail tells two runs of one second apart. */
const runId = ({ now }: World): string =>
  `${now().toISOString().slice(0, 19).replace(/[-:]/g, '')}-${randomBytes(2).toString('hex')}`;
