import { affords } from '../affords.ts';
import type { Command } from '../command.ts';
import { doubtsOf } from '../evolve/doubt.ts';
import { longestFirst } from './makespan.ts';
import { affordable } from './budget.ts';
import { unlimited } from './limit.ts';
import type { Plan } from '../plan.ts';
import { isTerminal, unitsOf } from '../records.ts';
import { delay, type Scene } from './scene.ts';
import { operationKey, type GroupState, type RunState, type UnitRecord } from '../state.ts';

/**
 * What a round waits for first, then code, then checks, while slots last. No more is made than there are slots for: of a thousand units
 * that wait, a few start, and this is asked again after every event.
 */
export function agents(scene: Scene): readonly Command[] {
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
  yield* compiling(scene.state, scene.units);
  yield* early(scene);
}

function atMost(count: number, commands: Iterable<Command>): readonly Command[] {
  const found: Command[] = [];
  for (const command of commands) if (found.push(command) === count) break;
  return found;
}

function* compiling(state: RunState, units: readonly UnitRecord[]): Iterable<Command> {
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

/**
 * Checks of the next group, which need no product, for slots that nobody of this one wants: never while a person is waited for, who may end the
 * run, nor out of a budget that this group may need, nor again where it failed.
 */
function* early({ state, group, units }: Scene): Iterable<Command> {
  if (group.service.kind === 'unclear') return;
  if (units.some(({ state: { phase } }) => phase === 'escalated')) return;
  const coming = state.plan.groups.find(({ number }) => number > group.number);
  if (coming === undefined) return;
  const calm = unitsOf(state, coming.number).filter(
    ({ id }) =>
      affords(state, id) === null && state.infra[operationKey('checks', id)] === undefined,
  );
  yield* compiling(state, calm);
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
