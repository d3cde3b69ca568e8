import type { Operation, RunEvent } from '../../domain/index.ts';

/** One piece of work from its start to its end. Times in ms of work since the run began: pauses between two processes are left out. */
export interface Span {
  readonly work: Exclude<Operation, 'edit' | 'delivery' | 'limit'>;
  /** Null: it belongs to no single unit. */
  readonly unit: string | null;
  /** Code run or evaluation within the unit's count; null where nothing counts. */
  readonly iteration: number | null;
  readonly from: number;
  readonly to: number;
  /** `cut`: its process ended first; `open`: it went on when the last event was written. */
  readonly outcome: 'done' | 'failed' | 'infra' | 'cut' | 'open';
  /** `seq` of the events that it lies between. */
  readonly began: number;
  readonly ended: number;
}

/** Where one process stopped and another took the run up: when, in ms of work, and how long nothing was done (ms). */
export interface Pause {
  readonly at: number;
  readonly ms: number;
}

export interface Timeline {
  readonly spans: readonly Span[];
  readonly pauses: readonly Pause[];
  /** ms of work in all. */
  readonly worked: number;
}

type Work = Span['work'];
type Begun = Pick<Span, 'work' | 'unit' | 'iteration' | 'from' | 'began'>;

const keyOf = (work: string, unit: string | null): string => `${work}:${unit ?? ''}`;

/** Reads the work out of a journal, in the order in which it began. */
export function timelineOf(events: readonly RunEvent[]): Timeline {
  const clock = clockFor();
  const open = new Map<string, Begun>();
  const spans: Span[] = [];
  const pauses: Pause[] = [];
  const end = (
    key: string,
    outcome: Span['outcome'],
    { seq, now }: { seq: number; now: number },
  ) => {
    const begun = open.get(key);
    if (begun === undefined) return;
    open.delete(key);
    spans.push({ ...begun, to: now, outcome, ended: seq });
  };
  const endAll = (outcome: Span['outcome'], at: { seq: number; now: number }) => {
    for (const key of open.keys()) end(key, outcome, at);
  };
  for (const event of events) {
    const { seq } = event;
    const pause = clock.read(event);
    const now = clock.worked();
    if (pause !== null) {
      endAll('cut', { seq, now });
      pauses.push({ at: now, ms: pause });
    }
    const start = beginning(event);
    if (start !== null) {
      // One that never ended gives way: its process died in a way that left no word of it.
      end(keyOf(start.work, start.unit), 'cut', { seq, now });
      open.set(keyOf(start.work, start.unit), { ...start, from: now, began: seq });
    }
    const close = ending(event);
    if (close !== null) end(keyOf(close.work, close.unit), close.outcome, { seq, now });
    if (isEnd(event)) endAll('cut', { seq, now });
  }
  endAll('open', { seq: (events.at(-1)?.seq ?? 0) + 1, now: clock.worked() });
  return { spans: spans.toSorted((a, b) => a.began - b.began), pauses, worked: clock.worked() };
}

const isEnd = ({ type }: RunEvent): boolean =>
  type === 'run.paused' || type === 'run.stopped' || type === 'run.finished';

/** Counts the time in which a process was at work. A clock that was set back stands still instead. */
function clockFor() {
  let worked = 0;
  let idle = 0;
  let last: number | null = null;
  // Between the end of one process and the word of the next one that it goes on.
  let asleep = false;
  return {
    worked: () => worked,
    /** Moves on to an event; answers how long nothing was done before it, null where work just went on. */
    read(event: RunEvent): number | null {
      const at = Date.parse(event.at);
      const passed = last === null ? 0 : Math.max(0, at - last - (event.jumped ?? 0));
      const resumed = event.type === 'run.resumed';
      last = at;
      if (asleep || resumed) idle += passed;
      else worked += passed;
      asleep = (asleep && !resumed) || isEnd(event);
      if (!resumed) return null;
      const pause = idle;
      idle = 0;
      return pause;
    },
  };
}

type Start = Pick<Span, 'work' | 'unit' | 'iteration'>;

function beginning(event: RunEvent): Start | null {
  switch (event.type) {
    case 'code.started':
    case 'evaluation.started':
    case 'opinion.started':
      return { work: workOf(event.type), unit: event.unit, iteration: event.iteration };
    case 'land.started':
    case 'checks.started':
      return { work: workOf(event.type), unit: event.unit, iteration: null };
    case 'service.started':
    case 'gate.started':
    case 'sealed.started':
    case 'audit.started':
      return { work: workOf(event.type), unit: null, iteration: null };
    default:
      return null;
  }
}

type Close = Pick<Span, 'work' | 'unit' | 'outcome'>;

function ending(event: RunEvent): Close | null {
  switch (event.type) {
    case 'code.finished':
    case 'land.finished':
    case 'checks.finished':
    case 'evaluation.finished':
    case 'opinion.finished':
      return { work: workOf(event.type), unit: event.unit, outcome: 'done' };
    case 'land.conflicted':
    case 'land.refused':
      return { work: 'land', unit: event.unit, outcome: 'failed' };
    case 'service.ready':
    case 'sealed.finished':
    case 'audit.finished':
      return { work: workOf(event.type), unit: null, outcome: 'done' };
    case 'gate.finished':
      return { work: 'gate', unit: null, outcome: event.through ? 'done' : 'failed' };
    case 'service.failed':
    case 'service.unclear':
      return { work: 'service', unit: null, outcome: 'failed' };
    case 'infra.failed':
      return broken(event.operation, event.unit ?? null, 'infra');
    case 'run.tripped':
      return event.operation === null ? null : broken(event.operation, event.unit, 'failed');
    default:
      return null;
  }
}

/** Operations that no event begins have no span. */
const broken = (
  operation: Operation,
  unit: string | null,
  outcome: Span['outcome'],
): Close | null =>
  operation === 'edit' || operation === 'delivery' || operation === 'limit'
    ? null
    : { work: operation, unit, outcome };

/** `code.started` → `code`. */
const workOf = (type: `${Work}.${string}`): Work => type.split('.', 1)[0] as Work;
