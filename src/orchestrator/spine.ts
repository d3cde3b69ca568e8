import { evolve, type Problem, type RunFact, type RunState } from '../domain/index.ts';
import type { Ports } from './ports.ts';

/** The one way state changes: append to the journal → evolve → publish. */
export interface Spine {
  readonly state: RunState;
  /** Why the journal can no longer be written; nothing is recorded after that. */
  readonly lost: Problem | null;
  record(fact: RunFact): void;
}

export function spineOf(
  initial: RunState,
  { journal, publish }: Pick<Ports, 'journal' | 'publish'>,
): Spine {
  let state = initial;
  let lost: Problem | null = null;
  return {
    get state() {
      return state;
    },
    get lost() {
      return lost;
    },
    record(fact) {
      if (lost !== null) return;
      const appended = journal.append(fact);
      if (!appended.ok) {
        lost = appended.error;
        return;
      }
      state = evolve(state, appended.value);
      publish(appended.value);
    },
  };
}
