import { weaker, type Barrier, type GateStep, type RunEvent } from '../domain/index.ts';

/** What reports tell of a run beyond its state: the state holds what deciding needs, and no more. */
export interface Chronicle {
  /** Time of the first and of the last event, ISO 8601. */
  readonly began: string | null;
  readonly latest: string | null;
  /** The weakest that any process of the run stood behind; null before the first said so. */
  readonly barrier: Barrier | null;
  /** The last gate of each group. */
  readonly gates: Readonly<Record<number, readonly GateStep[]>>;
  /** The last gate of all, whichever it was. */
  readonly gate: readonly GateStep[] | null;
  /** Iteration of each unit's last code run, by unit id. */
  readonly iterations: Readonly<Record<string, number>>;
  /** ms of code runs, by unit id. */
  readonly coded: Readonly<Record<string, number>>;
  /** ms of all agents that take a slot. */
  readonly worked: number;
  /** Why the product could not be served when it was last tried, and its log, relative to the run folder. */
  readonly unserved: { readonly detail: string; readonly log: string | null } | null;
  /** How the process that wrote the last event went, if it ended: `null` while it is at work or after a crash. */
  readonly ending: 'paused' | 'infra' | 'signal' | 'tripped' | 'budget' | 'finished' | null;
}

export const blank: Chronicle = {
  began: null,
  latest: null,
  barrier: null,
  gates: {},
  gate: null,
  iterations: {},
  coded: {},
  worked: 0,
  unserved: null,
  ending: null,
};

/**
 * Folds one event after the other into one and the same chronicle, which is always that of the present: a copy for each event would cost
 * what the whole run is long.
 */
export function chronicler(past: Iterable<RunEvent>): (event: RunEvent) => Chronicle {
  const draft = newDraft();
  for (const event of past) note(draft, event);
  return (event) => {
    note(draft, event);
    return draft;
  };
}

/** Folds a whole journal. */
export function chronicleOf(events: Iterable<RunEvent>): Chronicle {
  const draft = newDraft();
  for (const event of events) note(draft, event);
  return draft;
}

type Draft = { -readonly [key in keyof Chronicle]: Chronicle[key] } & {
  readonly gates: Record<number, readonly GateStep[]>;
  readonly iterations: Record<string, number>;
  readonly coded: Record<string, number>;
};

const newDraft = (): Draft => ({ ...blank, gates: {}, iterations: {}, coded: {} });

function note(draft: Draft, event: RunEvent): void {
  draft.began ??= event.at;
  draft.latest = event.at;
  draft.ending = endingOf(event);
  if (event.type === 'barrier.opened') {
    const { mode, tier, detail } = event;
    draft.barrier = weaker(draft.barrier, { mode, tier, detail });
  }
  if (event.type === 'service.failed') draft.unserved = { detail: event.detail, log: event.log };
  if (event.type === 'service.ready') draft.unserved = null;
  if (event.type === 'gate.finished') {
    draft.gate = event.steps;
    if (event.group !== null) draft.gates[event.group] = event.steps;
  }
  noteWork(draft, event);
  if (event.type === 'code.started') draft.iterations[event.unit] = event.iteration;
}

/** Agents that take a slot, whatever came of them. */
function noteWork(draft: Draft, event: RunEvent): void {
  const ms = 'agent' in event ? (event.agent?.ms ?? 0) : 0;
  if (ms === 0 || !('unit' in event) || typeof event.unit !== 'string') return;
  const work = 'operation' in event ? event.operation : event.type.split('.', 1)[0];
  if (work !== 'code' && work !== 'checks' && work !== 'opinion') return;
  draft.worked += ms;
  if (work === 'code') draft.coded[event.unit] = (draft.coded[event.unit] ?? 0) + ms;
}

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
