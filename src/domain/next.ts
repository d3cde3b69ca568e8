import type { Command } from './command.ts';
import type { UnitId } from './manifest.ts';
import { affordable, shortage } from './next/budget.ts';
import { agents } from './next/agents.ts';
import { evaluation } from './next/evaluation.ts';
import { inFlight } from './in-flight.ts';
import { isLimited, limitWaits, unlimited } from './next/limit.ts';
import { closing, gate } from './next/gate.ts';
import { openQuestions } from './questions.ts';
import { isTerminal, unitsOf } from './records.ts';
import { delay, type Scene } from './next/scene.ts';
import type { RunState, UnitRecord } from './state.ts';

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
    return inFlight(state, units)
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
