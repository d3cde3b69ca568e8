import type { RunEvent, RunState } from '../domain/index.ts';
import { evolve, replay } from '../domain/index.ts';
import type { Chronicle } from './chronicle.ts';
import { chronicler } from './chronicle.ts';

/** An event and the run around it. */
export interface Moment {
  readonly event: RunEvent;
  /** The run before the event; null before the first. */
  readonly before: RunState | null;
  readonly state: RunState;
  /** Of the present: whoever keeps it sees it change. */
  readonly chronicle: Chronicle;
}

/** A consumer of events. It never steers the run, and gets data only. */
export interface Reporter {
  readonly name: string;
  report(moment: Moment): void;
  /** The last call, on every path out. */
  close(): void;
}

export interface Publisher {
  publish(event: RunEvent): void;
  /** Closes every reporter. Idempotent. */
  close(): void;
}

/**
 * Tells every reporter every event, together with the state folded once for all of them. A reporter that throws is told to `onError`, closed
 * and left out from then on: a broken reporter cannot break a run. `past` are the events of a run that is resumed, folded but not reported.
 */
export function multiplex(
  reporters: readonly Reporter[],
  onError: (reporter: string, error: unknown) => void,
  past: readonly RunEvent[] = [],
): Publisher {
  let state = replay(past);
  const chronicled = chronicler(past);
  let working = reporters;
  const attempt = (reporter: Reporter, call: () => void): boolean => {
    try {
      call();
      return true;
    } catch (error) {
      onError(reporter.name, error);
      return false;
    }
  };
  const alive = (reporter: Reporter, call: () => void): boolean =>
    attempt(reporter, call) || (attempt(reporter, () => reporter.close()), false);
  return {
    publish(event) {
      const before = state;
      state = evolve(state, event);
      const moment: Moment = { event, before, state, chronicle: chronicled(event) };
      working = working.filter((reporter) => alive(reporter, () => reporter.report(moment)));
    },
    close() {
      const closing = working;
      working = [];
      for (const reporter of closing) attempt(reporter, () => reporter.close());
    },
  };
}
