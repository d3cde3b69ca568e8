import type { EventOf } from '../event.ts';
import { endsTheRun, reopened } from './closing.ts';
import { isSpent } from './watchdog.ts';
import { add } from './spend.ts';
import { operationKey, type RunState } from '../state.ts';
import { STOPS_AT, stuckWords } from '../watchdog.ts';

/** An operation failed outside the product: it is counted, and in the end halts the run. */
export function failed(state: RunState, event: EventOf<'infra.failed'>): RunState {
  const key = operationKey(event.operation, event.unit);
  // What a provider refuses is waited for, not tried again.
  const counts =
    event.agent?.limited === undefined && event.operation !== 'limit' && !isSpent(state, event);
  const times = (state.infra[key] ?? 0) + (counts ? 1 : 0);
  const row = event.agent?.stuck === undefined ? null : state.watchdog;
  const stuck = counts && row !== null && row.times >= STOPS_AT;
  const exhausted = stuck || (counts && times > state.plan.infra.retries);
  const detail = stuck
    ? `${row.times} agents in a row ${stuckWords(row.kind)}; the last: ${event.detail}`
    : event.detail;
  // An abort stands, whatever its cancelled operations say; only a manifest that cannot be written stops it short.
  const stands = state.halt !== null && (event.operation !== 'edit' || tripped(state));
  const halts = exhausted && !stands;
  return {
    ...state,
    infra: counts ? { ...state.infra, [key]: times } : state.infra,
    halt: halts ? { kind: 'infra', detail, aborting: isAborted(state) } : state.halt,
    manifest: event.operation === 'edit' ? { ...state.manifest, editing: null } : state.manifest,
    audit: event.operation === 'audit' ? { ...state.audit, busy: null } : state.audit,
    gateSpend:
      event.operation === 'gate' && event.agent !== undefined
        ? add(state.gateSpend, event.agent)
        : state.gateSpend,
    closing: endsTheRun(event.operation) ? reopened(state.closing) : state.closing,
  };
}

/** A person ended the run, whatever came in between. */
export const isAborted = ({ halt }: RunState): boolean =>
  halt?.kind === 'abort' || (halt?.kind === 'infra' && halt.aborting);

/** What halted a run and outlives the process: a breach, and the word of a person who ended it. */
export function afterwards(state: RunState): RunState['halt'] {
  if (tripped(state)) return state.halt;
  return isAborted(state) ? { kind: 'abort' } : null;
}

const tripped = ({ halt }: RunState): boolean => halt?.kind === 'tripped';
