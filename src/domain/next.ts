import type { Command } from './command.ts';
import type { UnitId } from './manifest.ts';
import { affordable, shortage } from './next-budget.ts';
import { evaluation } from './next-evaluation.ts';
import { isLimited, limitWaits, unlimited } from './next-limit.ts';
import { closing, gate } from './next-gate.ts';
import { doubtsOf } from './doubt.ts';
import { longestFirst } from './makespan.ts';
import { openQuestions } from './questions.ts';
import { unitsOf } from './records.ts';
import type { Plan } from './plan.ts';

import { delay, type Scene } from './scene.ts';
import type { GroupState, RunState, UnitRecord, UnitState } from './state.ts';

/**
 * Everything that may start now, given what is in flight. Pure; asked again after every event. An empty answer with work in
 * flight means: wait. The order is by importance: what comes first should get the next free slot.
 */
export function next(state: RunState): readonly Command[] {
  if (state.outcome !== null) return [];
  const idle = !inFlight(state);
  if (state.audit.breach !== null && state.halt?.kind !== 'tripped')
    return [{ do: 'trip', ...state.audit.breach }];
  if (state.halt !== null) return idle ? halting(state, state.halt) : [];
  if (state.manifest.editing !== null) return [];
  const commands = [
    ...questions(state),
    ...limitWaits(state),
    ...unlimited(state, progress(state)),
  ];
  if (commands.length > 0 || !idle || isLimited(state)) return commands;
  if (openQuestions(state).length > 0) return [{ do: 'pause' }];
  const short = shortage(state);
  if (short !== null) return [{ do: 'stop', reason: 'budget', detail: short }];
  throw new Error('Internal error: nothing is in flight and nothing may start');
}

/** Whether any operation has started and not ended. */
function inFlight(state: RunState): boolean {
  return (
    state.manifest.editing !== null ||
    state.audit.busy !== null ||
    state.group?.service.kind === 'busy' ||
    state.group?.gate === 'running' ||
    state.closing.gate === 'running' ||
    state.closing.sealed === 'running' ||
    state.units.some(({ state: unit, checks }) => isBusy(unit) || checks.kind === 'compiling')
  );
}

const isBusy = (unit: UnitState): boolean =>
  unit.phase === 'coding' ||
  unit.phase === 'evaluating' ||
  (unit.phase === 'doubted' && unit.asking) ||
  (unit.phase === 'coded' && unit.landing);

function halting(state: RunState, halt: NonNullable<RunState['halt']>): readonly Command[] {
  switch (halt.kind) {
    case 'infra':
      return [{ do: 'stop', reason: 'infra', detail: halt.detail }];
    case 'tripped':
      return [{ do: 'stop', reason: 'tripped', detail: `${halt.what} (${halt.where})` }];
    case 'abort':
      return conclude(state, 'failed');
  }
}

const questions = (state: RunState): readonly Command[] =>
  openQuestions(state)
    .filter(({ asked }) => !asked)
    .map(({ question }) => ({ do: 'ask', question }));

function progress(state: RunState): readonly Command[] {
  const isOpen = (record: UnitRecord) => !isTerminal(record);
  if (state.group !== null) {
    const { group } = state;
    const units = unitsOf(state, group.number);
    if (units.some(isOpen)) return groupProgress({ state, group, units });
    return inFlight(state)
      ? []
      : [{ do: 'finish group', group: group.number, delayMs: delay(state, 'delivery') }];
  }
  const coming = state.plan.groups.find(({ number }) => unitsOf(state, number).some(isOpen));
  if (coming === undefined) {
    const left = closing(state);
    if (left !== 'done') return left;
    const complete = state.units.every(({ state: { phase } }) => phase === 'completed');
    return conclude(state, complete && state.closing.gate === 'passed' ? 'completed' : 'failed');
  }
  return state.manifest.status === 'in_progress'
    ? [{ do: 'start group', group: coming.number }]
    : [edit(state, [], 'in_progress')];
}

const isTerminal = ({ state: { phase } }: UnitRecord): boolean =>
  phase === 'completed' || phase === 'skipped';

function conclude(state: RunState, status: 'completed' | 'failed'): readonly Command[] {
  return state.manifest.status === status ? [{ do: 'finish', status }] : [edit(state, [], status)];
}

function groupProgress(scene: Scene): readonly Command[] {
  const { state } = scene;
  return [
    ...landing(scene),
    ...ticks(scene),
    ...agents(scene),
    ...affordable(state, evaluation(scene)),
    ...gate(scene),
  ];
}

/** One landing at a time, in manifest order, and none while the gate looks at what has landed. */
function landing({ state, group, units }: Scene): readonly Command[] {
  if (group.gate === 'running') return [];
  if (units.some(({ state: unit }) => unit.phase === 'coded' && unit.landing)) return [];
  const first = units.find(({ state: { phase } }) => phase === 'coded');
  if (first?.state.phase !== 'coded') return [];
  const { id } = first;
  const { iteration, attempt, commit } = first.state;
  return [{ do: 'land', unit: id, iteration, attempt, commit, delayMs: delay(state, 'land', id) }];
}

function ticks({ state, units }: Scene): readonly Command[] {
  const cleared = units
    .filter(({ state: unit }) => unit.phase === 'gate' && unit.cleared)
    .map(({ id }) => id);
  return cleared.length === 0 ? [] : [edit(state, cleared, 'in_progress')];
}

const edit = (
  state: RunState,
  tick: readonly UnitId[],
  status: RunState['manifest']['status'],
): Command => ({ do: 'edit manifest', tick, status, delayMs: delay(state, 'edit') });

/**
 * What a round waits for first, then code, then checks, while slots last. No more is made than there are slots for: of a thousand units
 * that wait, a few start, and this is asked again after every event.
 */
function agents(scene: Scene): readonly Command[] {
  const { state } = scene;
  const busy = state.units.filter(
    ({ state: unit, checks }) =>
      unit.phase === 'coding' ||
      (unit.phase === 'doubted' && unit.asking) ||
      checks.kind === 'compiling',
  ).length;
  const free = Math.max(0, state.plan.slots - busy);
  if (free === 0) return [];
  return audited(state, atMost(free, affordable(state, unlimited(state, wanted(scene)))));
}

function* wanted(scene: Scene): Iterable<Command> {
  yield* opinions(scene);
  yield* coding(scene);
  yield* compiling(scene);
}

function atMost(count: number, commands: Iterable<Command>): readonly Command[] {
  const found: Command[] = [];
  for (const command of commands) if (found.push(command) === count) break;
  return found;
}

function* compiling({ state, units }: Scene): Iterable<Command> {
  if (state.plan.evaluation === 'report') return;
  for (const record of units) {
    const { id, checks } = record;
    if (checks.kind === 'missing' && !isTerminal(record))
      yield {
        do: 'compile checks',
        unit: id,
        keep: checks.kept,
        delayMs: delay(state, 'checks', id),
      };
  }
}

function* opinions({ state, units }: Scene): Iterable<Command> {
  for (const record of units) {
    const unit = record.state;
    if (unit.phase !== 'doubted' || unit.asking) continue;
    const { iteration, commit } = unit;
    const doubts = doubtsOf(record);
    const delayMs = delay(state, 'opinion', record.id);
    yield { do: 'second opinion', unit: record.id, iteration, commit, doubts, delayMs };
  }
}

/** No agent gets a commit before it is audited: the audit stands in for whoever waits for it. */
function audited(state: RunState, commands: readonly Command[]): readonly Command[] {
  const { busy, passed } = state.audit;
  const waits = (command: Command) => command.do === 'code' && !passed.includes(command.base);
  const first = commands.find(waits);
  const rest = commands.filter((command) => !waits(command));
  return first?.do === 'code' && busy === null
    ? [{ do: 'audit', base: first.base, delayMs: delay(state, 'audit') }, ...rest]
    : rest;
}

/** Nobody codes while an evaluation phase lasts; a sequential group builds strictly one by one. */
function* coding({ state, group, units }: Scene): Iterable<Command> {
  if (group.stage === 'evaluate') return;
  const sequential = modeOf(state, group) === 'sequential';
  const building = units.some(({ state: { phase } }) => phase === 'coding' || phase === 'coded');
  if (sequential && building) return;
  const round = building || units.some(({ state: { phase } }) => phase === 'landed');
  const order = sequential ? units : longestFirst(units, state.plan);
  for (const record of order) {
    const unit = record.state;
    if (unit.phase !== 'pending') continue;
    yield {
      do: 'code',
      unit: record.id,
      iteration: unit.iteration,
      attempt: record.attempts + 1,
      base: round && !sequential && unit.conflict === null ? group.base : state.head,
      ...ladder(state.plan, record, unit.iteration),
      feedback: { symptoms: record.symptoms, guidance: record.guidance, conflict: unit.conflict },
      delayMs: delay(state, 'code', record.id),
    };
    if (sequential) return;
  }
}

/** A stronger model after so many failed iterations; guidance, which starts a new count, does not take it away again. */
function ladder({ escalate }: Plan, { history }: UnitRecord, iteration: number) {
  const failed = Math.max(history.length, iteration - 1);
  return escalate !== undefined && failed >= escalate.after ? { model: escalate.model } : {};
}

const modeOf = (state: RunState, group: GroupState) =>
  state.plan.groups.find(({ number }) => number === group.number)?.mode;
