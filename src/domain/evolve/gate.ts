import type { EventOf } from '../event.ts';
import { withoutWorkOf, type BackedOut } from '../gate.ts';
import { eachUnit, expecting } from '../records.ts';
import { again, escalate } from './setback.ts';
import { add } from './spend.ts';
import type { RunState, UnitRecord } from '../state.ts';

type Gated = EventOf<'gate.finished'>;

export function enterGate(record: UnitRecord): UnitRecord {
  const { iteration, commit } = expecting(record, 'passed');
  return { ...record, state: { phase: 'gate', iteration, commit, cleared: false } };
}

/** Sends back who is blamed, asks about who is escalated, and lets the others through, or wait where the product is not. */
export function leaveGate(state: RunState, event: Gated): RunState {
  const gone = new Map(event.backedOut.map((each) => [each.unit, each]));
  const holding = new Set(event.holding);
  const holds = { commit: event.commit, landings: state.landings.length };
  return eachUnit(state, (record) => {
    const seen = holding.has(record.id) ? { ...record, holds } : record;
    return withoutWork(outcomeOf(state, seen, event), gone.get(record.id));
  });
}

function outcomeOf(state: RunState, record: UnitRecord, event: Gated): UnitRecord {
  const gate = record.state;
  if (gate.phase !== 'gate' || gate.cleared) return record;
  const { iteration, commit } = gate;
  const symptoms = event.blamed
    .filter(({ unit }) => unit === record.id)
    .map(({ symptom }) => symptom);
  const work = event.backedOut.find(({ unit }) => unit === record.id)?.work ?? null;
  if (symptoms.length > 0) return again(state, { ...record, symptoms }, { iteration, work });
  const question = event.escalated.find(({ unit }) => unit === record.id);
  if (question !== undefined) return escalate(record, question);
  if (event.through && !event.waiting.includes(record.id))
    return { ...record, state: { ...gate, cleared: true } };
  // It waits for those who are sent back; where nobody is, waiting would never end.
  return event.blamed.length + event.escalated.length > 0
    ? { ...record, state: { phase: 'passed', iteration, commit } }
    : escalate(record, { kind: 'gate', detail: 'the gate fails, and nobody is to blame for it' });
}

/** A unit that waits for a person keeps what was taken out of the branch for its next code run; there is nothing of it to evaluate. */
function withoutWork(record: UnitRecord, gone: BackedOut | undefined): UnitRecord {
  const { state } = record;
  if (gone === undefined || state.phase !== 'escalated') return record;
  return { ...record, state: { ...state, commit: null, conflict: gone.work } };
}

/** What a gate leaves behind for the run as a whole. */
export function gated(state: RunState, event: Gated): RunState {
  const landings = event.backedOut.reduce(withoutWorkOf, state.landings);
  const moved: RunState = {
    ...state,
    head: event.commit,
    landings,
    gateSpend: event.agents.reduce(add, state.gateSpend),
    violations: event.violations,
    inherited: state.inherited.map((proof) =>
      event.holding.includes(proof.unit)
        ? { ...proof, at: { commit: event.commit, landings: landings.length } }
        : proof,
    ),
    proven: event.proven ? { commit: event.commit, landings: landings.length } : state.proven,
  };
  if (event.group !== null) return moved;
  const { closing } = state;
  const undelivered = closing.undelivered || event.backedOut.length > 0;
  return {
    ...moved,
    closing: { ...closing, undelivered, gate: event.through ? 'passed' : 'failed' },
  };
}

/** A harvest that changed nothing is no landing: there is nothing of it to blame or to take out. */
export function landed(state: RunState, event: EventOf<'land.finished'>): RunState {
  const { unit, commit, head = commit } = event;
  if (commit === state.head) return state;
  return {
    ...state,
    head,
    landings: [...state.landings, { unit, commit, undone: false }],
  };
}
