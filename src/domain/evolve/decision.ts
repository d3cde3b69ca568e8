import type { EventOf } from '../event.ts';
import { frozen } from './freeze.ts';
import { change, eachUnit, expecting, keptChecks } from '../records.ts';
import type { RunState, UnitRecord } from '../state.ts';

/** Carries out what a person decided; `admits` has said before that it answers an open question. */
export function decided(
  state: RunState,
  { subject, decision }: EventOf<'decision.made'>,
): RunState {
  if (decision.kind === 'abort') return state;
  if (decision.kind === 'start') return eachUnit(state, servedAnew);
  if (decision.kind === 'accept') return accepted(state, subject);
  const fresh = (record: UnitRecord, conflict: string | null): UnitRecord =>
    decision.kind === 'retry'
      ? {
          ...record,
          conflicts: 0,
          laps: [],
          guidance: decision.guidance,
          state: { phase: 'pending', iteration: 1, conflict },
        }
      : record;
  if (subject === 'service')
    return eachUnit(state, (record) => {
      if (record.state.phase !== 'landed') return record;
      return decision.kind === 'skip' ? skipped(record) : fresh(record, null);
    });
  return change(state, subject, (record) => {
    if (decision.kind === 'freeze') return frozen(record, decision.check);
    const escalated = expecting(record, 'escalated');
    if (decision.kind === 'skip') return skipped(record);
    return decision.kind === 'recheck'
      ? recheck(record, decision.scenario)
      : fresh(record, escalated.conflict);
  });
}

/** The violations of the unit that were asked about count no more; it goes through the gate again. */
function accepted(state: RunState, subject: EventOf<'decision.made'>['subject']): RunState {
  const ids = state.violations
    .filter(({ unit, level }) => unit === subject && level === 'L2')
    .map(({ id }) => id);
  const known = { ...state, accepted: [...new Set([...state.accepted, ...ids])] };
  return change(known, subject, (record) => {
    const { iteration, commit } = expecting(record, 'escalated');
    if (commit === null) throw new Error(`Internal error: ${record.id} has nothing to accept`);
    return { ...record, state: { phase: 'passed', iteration, commit } };
  });
}

/** What was landed and could not be served is served anew, at no iteration. */
function servedAnew(record: UnitRecord): UnitRecord {
  const { state } = record;
  if (state.phase !== 'escalated' || state.question.kind !== 'unserved' || state.commit === null)
    return record;
  const { iteration, commit } = state;
  return { ...record, state: { phase: 'landed', iteration, commit } };
}

const skipped = (record: UnitRecord): UnitRecord => ({ ...record, state: { phase: 'skipped' } });

function recheck(record: UnitRecord, scenario: string): UnitRecord {
  const { iteration, commit } = expecting(record, 'escalated');
  if (commit === null)
    throw new Error(`Internal error: ${record.id} has nothing to evaluate again`);
  return {
    ...record,
    checks: {
      kind: 'missing',
      kept: keptChecks(record).filter((check) => check.scenario !== scenario),
    },
    state: { phase: 'landed', iteration, commit },
  };
}
