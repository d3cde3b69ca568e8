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
  const coded = units.flatMap(({ id, state: unit }) =>
    unit.phase === 'coded' ? [{ id, ...unit }] : [],
  );
  const [first] = coded;
  if (first === undefined || coded.some((unit) => unit.landing)) return [];
  const { id, iteration, attempt, commit } = first;
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

/** What a round waits for first, then code, then checks, while slots last. */
function agents(scene: Scene): readonly Command[] {
  const { state, units } = scene;
  const busy = state.units.filter(
    ({ state: unit, checks }) =>
      unit.phase === 'coding' ||
      (unit.phase === 'doubted' && unit.asking) ||
      checks.kind === 'compiling',
  ).length;
  const free = Math.max(0, state.plan.slots - busy);
  const compile: Command[] =
    state.plan.evaluation === 'report'
      ? []
      : units
          .filter((record) => record.checks.kind === 'missing' && !isTerminal(record))
          .map(({ id, checks }) => ({
            do: 'compile checks',
            unit: id,
            keep: checks.kind === 'missing' ? checks.kept : [],
            delayMs: delay(state, 'checks', id),
          }));
  const wanted = [...opinions(scene), ...coding(scene), ...compile];
  return audited(state, affordable(state, unlimited(state, wanted)).slice(0, free));
}

const opinions = ({ state, units }: Scene): readonly Command[] =>
  units.flatMap((record): Command[] => {
    const unit = record.state;
    if (unit.phase !== 'doubted' || unit.asking) return [];
    const { iteration, commit } = unit;
    const doubts = doubtsOf(record);
    const delayMs = delay(state, 'opinion', record.id);
    return [{ do: 'second opinion', unit: record.id, iteration, commit, doubts, delayMs }];
  });

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
function coding({ state, group, units }: Scene): readonly Command[] {
  if (group.stage === 'evaluate') return [];
  const sequential = modeOf(state, group) === 'sequential';
  const building = units.some(({ state: { phase } }) => phase === 'coding' || phase === 'coded');
  if (sequential && building) return [];
  const round = units.some(
    ({ state: { phase } }) => phase === 'coding' || phase === 'coded' || phase === 'landed',
  );
  const order = sequential ? units : longestFirst(units, state.plan);
  const commands = order.flatMap((record): Command[] => {
    const unit = record.state;
    if (unit.phase !== 'pending') return [];
    return [
      {
        do: 'code',
        unit: record.id,
        iteration: unit.iteration,
        attempt: record.attempts + 1,
        base: round && !sequential && unit.conflict === null ? group.base : state.head,
        ...ladder(state.plan, record, unit.iteration),
        feedback: { symptoms: record.symptoms, guidance: record.guidance, conflict: unit.conflict },
        delayMs: delay(state, 'code', record.id),
      },
    ];
  });
  return sequential ? commands.slice(0, 1) : commands;
}

/** A stronger model after so many failed iterations; guidance, which starts a new count, does not take it away again. */
function ladder({ escalate }: Plan, { history }: UnitRecord, iteration: number) {
  const failed = Math.max(history.length, iteration - 1);
  return escalate !== undefined && failed >= escalate.after ? { model: escalate.model } : {};
}

const modeOf = (state: RunState, group: GroupState) =>
  state.plan.groups.find(({ number }) => number === group.number)?.mode;
