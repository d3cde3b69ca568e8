import type { EventOf, RunFact } from '../event.ts';
import { decided } from './decision.ts';
import { enterGate, leaveGate } from './gate.ts';
import { heard, unsatisfied } from './opinion.ts';
import { failingOf } from './doubt.ts';
import { again, escalate } from './setback.ts';
import { demandsOn, holdoutsOf } from '../plan.ts';
import { change, eachNamed, eachUnit, expecting, keptChecks, plannedUnit } from '../records.ts';
import { spent } from './spend.ts';
import type { RunState, UnitRecord, UnitState } from '../state.ts';
import { withLap } from '../progress.ts';
import { judge, tally } from '../verdict.ts';

/** Conflicts a unit's work may meet in a row before a person decides. */
const MAX_CONFLICTS = 3;

/** Moves the units that an event speaks of. */
export function evolveUnit(state: RunState, event: RunFact): RunState {
  switch (event.type) {
    case 'run.resumed':
      return eachUnit(state, interrupted);
    case 'service.failed':
      return eachUnit(state, (record) =>
        record.state.phase === 'landed' ? unserved(state, record, event) : record,
      );
    case 'gate.started':
      return eachNamed(state, event.units, enterGate);
    case 'gate.finished':
      return leaveGate(state, event);
    case 'manifest.edited':
      return eachNamed(state, event.tick, (record) => ({
        ...record,
        state: { phase: 'completed', commit: event.commit },
      }));
    case 'question.asked':
      return eachUnit(state, (record) =>
        record.state.phase === 'escalated' && record.id === event.question.subject
          ? { ...record, state: { ...record.state, asked: true } }
          : record,
      );
    case 'decision.made':
      return decided(state, event);
    case 'run.tripped':
      throw new Error('Internal error: a trip is undone as the failure of its operation');
    case 'infra.failed':
      return event.unit === undefined
        ? withdrawn(state, event)
        : change(state, event.unit, (record) => setBack(spent(record, event.agent ?? null), event));
    default:
      return 'unit' in event
        ? change(state, event.unit, (record) => step(state, record, event))
        : state;
  }
}

type UnitEvent = Extract<RunFact, { unit: UnitRecord['id'] }>;

function step(state: RunState, record: UnitRecord, event: UnitEvent): UnitRecord {
  switch (event.type) {
    case 'code.started': {
      const { conflict } = expecting(record, 'pending');
      return {
        ...record,
        attempts: event.attempt,
        coded: { empty: false, strong: event.model !== undefined },
        state: { phase: 'coding', iteration: event.iteration, attempt: event.attempt, conflict },
      };
    }
    case 'code.finished': {
      const { iteration, attempt } = expecting(record, 'coding');
      return {
        ...spent(record, event.agent),
        state: { phase: 'coded', iteration, attempt, commit: event.commit, landing: false },
      };
    }
    case 'land.started':
      return { ...record, state: { ...expecting(record, 'coded'), landing: true } };
    case 'land.finished': {
      const { iteration } = expecting(record, 'coded');
      return {
        ...record,
        conflicts: 0,
        filesChanged: record.filesChanged + event.files,
        coded: { ...record.coded, empty: event.files === 0 },
        state: { phase: 'landed', iteration, commit: event.commit },
      };
    }
    case 'land.conflicted':
      return conflicted(record, event.paths);
    case 'land.refused':
      return again(state, { ...record, symptoms: event.symptoms }, expecting(record, 'coded'));
    case 'checks.started':
      return { ...record, checks: { kind: 'compiling', kept: keptChecks(record) } };
    case 'checks.finished':
      return {
        ...spent(record, event.agent),
        checks: { kind: 'frozen', checks: event.checks, broken: event.broken },
      };
    case 'evaluation.started': {
      const { iteration } = expecting(record, 'landed');
      const aside = event.aside ?? false;
      return { ...record, state: { phase: 'evaluating', iteration, commit: event.commit, aside } };
    }
    case 'evaluation.finished':
      return measured(state, spent(record, event.agent), event);
    case 'opinion.started':
      return { ...record, state: { ...expecting(record, 'doubted'), asking: true } };
    case 'opinion.finished':
      return heard(state, record, event);
    default:
      return record;
  }
}

function measured(
  state: RunState,
  record: UnitRecord,
  event: EventOf<'evaluation.finished'>,
): UnitRecord {
  const { iteration, commit } = expecting(record, 'evaluating');
  const { satisfaction, passed, inconclusive, total } = tally(event.scenarios);
  const next: UnitRecord = {
    ...record,
    scenarios: event.scenarios,
    symptoms: event.symptoms,
    history: [...record.history, satisfaction],
    holds: { commit: event.commit, landings: state.landings.length },
    failing: failingOf(record, event.scenarios),
  };
  const judgement = judge(event.scenarios, demandsOn(state.plan, plannedUnit(state, record.id)));
  if (judgement === 'pass')
    return { ...next, laps: [], state: { phase: 'passed', iteration, commit } };
  if (judgement === 'retry')
    return unsatisfied(state, { ...next, laps: withLap(next, iteration, event.scenarios) });
  return escalate(next, {
    kind: 'inconclusive',
    detail: `${inconclusive} of ${total} scenarios have no trustworthy check (${passed} passed)`,
  });
}

function conflicted(record: UnitRecord, paths: readonly string[]): UnitRecord {
  const { iteration, commit } = expecting(record, 'coded');
  const conflicts = record.conflicts + 1;
  const next = { ...record, conflicts };
  if (conflicts <= MAX_CONFLICTS)
    return { ...next, state: { phase: 'pending', iteration, conflict: commit } };
  return escalate(next, {
    kind: 'conflict',
    detail: `its work conflicted ${conflicts} times with landed work in ${paths.slice(0, 3).join(', ')}`,
  });
}

function unserved(
  state: RunState,
  record: UnitRecord,
  event: EventOf<'service.failed'>,
): UnitRecord {
  const { iteration } = expecting(record, 'landed');
  const scenarios = holdoutsOf(plannedUnit(state, record.id)).map(({ name }) => ({
    name,
    outcome: 'failed' as const,
    attempts: [],
  }));
  return again(
    state,
    {
      ...record,
      symptoms: [event.symptom],
      scenarios,
      history: [...record.history, 0],
      laps: withLap(record, iteration, scenarios),
    },
    { iteration, fault: event.detail },
  );
}

/** An operation failed for reasons of infrastructure: the unit is where it was before it. */
function setBack(record: UnitRecord, { operation }: EventOf<'infra.failed'>): UnitRecord {
  if (operation === 'checks')
    return { ...record, checks: { kind: 'missing', kept: keptChecks(record) } };
  return before(record);
}

/** A group-wide operation failed: a gate lets its units go back to `passed`. */
const withdrawn = (state: RunState, event: EventOf<'infra.failed'>): RunState =>
  event.operation === 'gate' ? eachUnit(state, before) : state;

/** The process died: whatever was in flight has not happened. */
const interrupted = (record: UnitRecord): UnitRecord => {
  const { state, checks } = record;
  const calm =
    checks.kind === 'compiling' ? ({ kind: 'missing', kept: checks.kept } as const) : checks;
  const back = remeasured(before({ ...record, checks: calm }));
  return state.phase === 'escalated' ? { ...back, state: { ...state, asked: false } } : back;
};

/** What is in doubt is measured once more: other code may land before anybody asks again. */
const remeasured = (record: UnitRecord): UnitRecord => {
  if (record.state.phase !== 'doubted') return record;
  const { iteration, commit } = record.state;
  return { ...record, state: { phase: 'landed', iteration, commit } };
};

/** The state an operation in flight started from. */
function before(record: UnitRecord): UnitRecord {
  const { state } = record;
  const was = (earlier: UnitState): UnitRecord => ({ ...record, state: earlier });
  switch (state.phase) {
    case 'coding':
      return was({ phase: 'pending', iteration: state.iteration, conflict: state.conflict });
    case 'coded':
      return state.landing ? was({ ...state, landing: false }) : record;
    case 'evaluating':
      return was({ phase: 'landed', iteration: state.iteration, commit: state.commit });
    case 'doubted':
      return was({ ...state, asking: false });
    case 'gate':
      return state.cleared
        ? record
        : was({ phase: 'passed', iteration: state.iteration, commit: state.commit });
    default:
      return record;
  }
}
