import { stalled } from '../progress.ts';
import type { Question } from '../question.ts';
import type { RunState, UnitRecord } from '../state.ts';

interface Setback {
  /** The one that did not do. */
  readonly iteration: number;
  /** Why the product could not be served. */
  readonly fault?: string;
  /** Its work as it was taken out of the run branch: the next workspace begins with it. */
  readonly work?: string | null;
}

/** The next iteration, or a person when there is none left. */
export function again(
  state: RunState,
  record: UnitRecord,
  { iteration, fault, work = null }: Setback,
): UnitRecord {
  const { maxIterations, patience = 0 } = state.plan;
  const why = stalled(record.laps, patience);
  if (iteration < maxIterations && why === null)
    return { ...record, state: { phase: 'pending', iteration: iteration + 1, conflict: work } };
  if (fault !== undefined)
    return escalate(record, {
      kind: 'unserved',
      detail: `its product could not be served, after ${iteration} of ${maxIterations} iterations: ${fault}`,
    });
  if (iteration < maxIterations)
    return escalate(record, { kind: 'stalled', detail: `it does not get on: ${why ?? ''}` });
  const reached = Math.round((record.history.at(-1) ?? 0) * 100);
  // Then it passed its scenarios, which would sound like no setback at all.
  const by = record.state.phase === 'gate' ? ', sent back by the gate' : '';
  return escalate(record, {
    kind: 'exhausted',
    detail: `not satisfied after ${iteration} of ${maxIterations} iterations (last: ${reached} %${by})`,
  });
}

/** A person decides. */
export function escalate(record: UnitRecord, about: Pick<Question, 'kind' | 'detail'>): UnitRecord {
  const { state } = record;
  return {
    ...record,
    state: {
      phase: 'escalated',
      iteration: 'iteration' in state ? state.iteration : 1,
      // A harvest that was refused or conflicts is not on the run branch: there is nothing of it to evaluate.
      commit: 'commit' in state && state.phase !== 'coded' ? state.commit : null,
      question: { subject: record.id, ...about },
      asked: false,
      conflict: about.kind === 'conflict' && state.phase === 'coded' ? state.commit : null,
    },
  };
}
