import type { GateStep, RunEvent } from '../domain/index.ts';

/** What reports tell of a run beyond its state: the state holds what deciding needs, and no more. */
export interface Chronicle {
  /** Time of the first and of the last event, ISO 8601. */
  readonly began: string | null;
  readonly latest: string | null;
  /** The last gate of each group. */
  readonly gates: Readonly<Record<number, readonly GateStep[]>>;
  /** Iteration of each unit's last code run, by unit id. */
  readonly iterations: Readonly<Record<string, number>>;
  /** How the process that wrote the last event went, if it ended: `null` while it is at work or after a crash. */
  readonly ending: 'paused' | 'infra' | 'signal' | 'finished' | null;
}

export const blank: Chronicle = {
  began: null,
  latest: null,
  gates: {},
  iterations: {},
  ending: null,
};

/** Folds one event. */
export function chronicled(chronicle: Chronicle, event: RunEvent): Chronicle {
  const told: Chronicle = {
    ...chronicle,
    began: chronicle.began ?? event.at,
    latest: event.at,
    ending: endingOf(event),
  };
  switch (event.type) {
    case 'gate.finished':
      return { ...told, gates: { ...told.gates, [event.group]: event.steps } };
    case 'code.started':
      return { ...told, iterations: { ...told.iterations, [event.unit]: event.iteration } };
    default:
      return told;
  }
}

/** Folds a whole journal. */
export const chronicleOf = (events: Iterable<RunEvent>): Chronicle => {
  let chronicle = blank;
  for (const event of events) chronicle = chronicled(chronicle, event);
  return chronicle;
};

function endingOf(event: RunEvent): Chronicle['ending'] {
  switch (event.type) {
    case 'run.paused':
      return 'paused';
    case 'run.stopped':
      return event.reason;
    case 'run.finished':
      return 'finished';
    default:
      return null;
  }
}
