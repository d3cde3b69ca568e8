import { setMaxListeners } from 'node:events';
import {
  next,
  openQuestions,
  type Command,
  type EventOf,
  type Problem,
  type Question,
  type RunFact,
  type RunState,
} from '../domain/index.ts';
import { newBell, type Bell } from './bell.ts';
import { settle, type Answer } from './decisions.ts';
import { startOf, type Operating } from './begin.ts';
import { operate } from './operations.ts';
import type { Ports } from './ports.ts';
import { spineOf, type Spine } from './spine.ts';

type StopReason = EventOf<'run.stopped'>['reason'];

/** How `drive` ended. */
export type RunEnd =
  | { readonly kind: 'finished'; readonly status: 'completed' | 'failed' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'stopped'; readonly reason: StopReason; readonly detail: string }
  /** The journal can no longer be written, so that no event tells of this end: whoever called must. */
  | { readonly kind: 'lost'; readonly problem: Problem };

/** How often decisions from another terminal are looked for, ms. */
const INBOX_MS = 500;

/**
 * Runs the loop to its end: ask the domain what may start, start it, fold what comes back. Replaying a journal and calling
 * this with the state *is* resume. An abort of `signal` lets nothing new start, ends what is in flight and stops resumably.
 */
export async function drive(initial: RunState, ports: Ports, signal: AbortSignal): Promise<RunEnd> {
  const loop: Loop = {
    ports,
    spine: spineOf(initial, ports),
    work: new AbortController(),
    flying: new Set(),
    asking: new Map(),
    arrived: [],
    bell: newBell(ports.sleep),
  };
  // Everything in flight listens to it at once: each slot, and each attempt within it.
  setMaxListeners(0, loop.work.signal);
  const interrupt = () => {
    loop.work.abort();
    loop.bell.ring();
  };
  signal.addEventListener('abort', interrupt);
  if (signal.aborted) interrupt();
  try {
    return await turn(loop, signal);
  } finally {
    signal.removeEventListener('abort', interrupt);
    loop.work.abort();
    for (const asked of loop.asking.values()) asked.abort();
    await Promise.all(loop.flying);
    await ports.service.stop();
  }
}

/** What came back: the end of an operation, an answer, or our own bug. */
type Arrival =
  | { readonly kind: 'fact'; readonly fact: RunFact }
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'bug'; readonly error: unknown };

interface Loop {
  readonly ports: Ports;
  readonly spine: Spine;
  /** Ends every operation in flight. */
  readonly work: AbortController;
  readonly flying: Set<Promise<void>>;
  /** Questions put to a person and not answered, by subject. */
  readonly asking: Map<string, AbortController>;
  readonly arrived: Arrival[];
  readonly bell: Bell;
}

async function turn(loop: Loop, signal: AbortSignal): Promise<RunEnd> {
  const { spine, asking } = loop;
  for (;;) {
    receive(loop);
    if (spine.lost !== null) return { kind: 'lost', problem: spine.lost };
    if (signal.aborted) return interrupted(loop);
    if (endsWork(spine.state)) loop.work.abort();
    const [command] = next(spine.state);
    const waits = command === undefined || (command.do === 'pause' && asking.size > 0);
    if (waits) await loop.bell.rung(INBOX_MS);
    else {
      const end = await perform(loop, command);
      // An end that is not in the journal has not happened.
      if (end !== null && spine.lost === null) return end;
    }
  }
}

/** A person has had enough, or what is in flight can no longer count. */
const endsWork = ({ halt }: RunState): boolean =>
  halt?.kind === 'abort' || halt?.kind === 'tripped';

/** Folds what came back since the last turn, then what `decide` left. */
function receive({ spine, ports, asking, arrived }: Loop): void {
  for (const arrival of arrived.splice(0)) {
    if (arrival.kind === 'bug') throw arrival.error;
    if (arrival.kind === 'fact') spine.record(arrival.fact);
    else settle(spine, arrival.answer);
  }
  for (const { subject, decision, done } of ports.person.inbox()) {
    settle(spine, { subject, decision, by: 'decide' });
    if (spine.lost === null) done();
  }
  for (const message of ports.notes()) spine.record({ type: 'run.noted', message });
  withdraw(spine, asking);
}

/** A prompt whose question somebody else has answered; one that got an answer beside the point stays. */
function withdraw({ state }: Spine, asking: Loop['asking']): void {
  if (asking.size === 0) return;
  const open = new Set(openQuestions(state).map(({ question }) => String(question.subject)));
  for (const [subject, asked] of asking) if (!open.has(subject)) asked.abort();
}

/** What ended by itself while everything was being ended counts; what was cut off has not happened. */
async function interrupted({ spine, flying, arrived }: Loop): Promise<RunEnd> {
  await Promise.all(flying);
  for (const arrival of arrived)
    if (arrival.kind === 'fact' && arrival.fact.type !== 'infra.failed') spine.record(arrival.fact);
  const detail = 'interrupted; the same command resumes it';
  spine.record({ type: 'run.stopped', reason: 'signal', detail });
  if (spine.lost !== null) return { kind: 'lost', problem: spine.lost };
  return { kind: 'stopped', reason: 'signal', detail };
}

/** Carries out one command. The answer is the end of the run, when it is the last. */
async function perform(loop: Loop, command: Command): Promise<RunEnd | null> {
  const { spine, ports } = loop;
  switch (command.do) {
    case 'ask':
      ask(loop, command);
      return null;
    case 'start group':
      spine.record({ type: 'group.started', group: command.group });
      return null;
    case 'finish group':
      await finishGroup(loop, command);
      return null;
    case 'pause':
      spine.record({ type: 'run.paused' });
      return { kind: 'paused' };
    case 'trip': {
      const { what, where } = command;
      spine.record({ type: 'run.tripped', what, where, unit: null, operation: null });
      return null;
    }
    case 'stop': {
      const { reason, detail } = command;
      spine.record({ type: 'run.stopped', reason, detail });
      return { kind: 'stopped', reason, detail };
    }
    case 'finish':
      await ports.service.stop();
      if (spine.state.closing.undelivered && !(await delivered(loop))) return null;
      spine.record({ type: 'run.finished', status: command.status });
      return { kind: 'finished', status: command.status };
    default:
      await launch(loop, command);
      return null;
  }
}

/** Journals that an operation begins, then lets it run beside the loop. */
async function launch(loop: Loop, command: Operating): Promise<void> {
  const { spine, ports, work, flying, arrived, bell } = loop;
  const start = await startOf(command, ports);
  spine.record(start.ok ? start.value : start.error);
  if (!start.ok) return ports.sleep(command.delayMs, work.signal);
  if (spine.lost !== null) return undefined;
  const task = {
    ports,
    started: start.value,
    serviceStart: spine.state.serviceStart,
    signal: work.signal,
  };
  const operation: Promise<void> = ports
    .sleep(command.delayMs, work.signal)
    .then(() => operate(command, task))
    .then(
      (fact) => void arrived.push({ kind: 'fact', fact }),
      (error: unknown) => void arrived.push({ kind: 'bug', error }),
    )
    .finally(() => {
      flying.delete(operation);
      bell.ring();
    });
  flying.add(operation);
  return undefined;
}

/** A group whose work did not reach a project without git is not finished: the next one would be compared with it. */
async function finishGroup(
  loop: Loop,
  { group, delayMs }: Extract<Command, { do: 'finish group' }>,
): Promise<void> {
  await loop.ports.service.stop();
  await loop.ports.sleep(delayMs, loop.work.signal);
  if (await delivered(loop)) loop.spine.record({ type: 'group.finished', group });
}

/** Gives a project without git what it does not have yet; false when it could not. */
async function delivered({ spine, ports }: Loop): Promise<boolean> {
  const { delivered: from, head: to } = spine.state;
  const delivery = await ports.delivery.deliver({ from, to });
  if (!delivery.ok) {
    const { detail } = delivery.error;
    spine.record({ type: 'infra.failed', operation: 'delivery', detail });
    return false;
  }
  const { note } = delivery.value;
  if (note !== null) spine.record({ type: 'run.noted', message: note });
  return true;
}

/** Puts a question to a person without holding up what else can go on. */
function ask(
  { spine, ports, asking, arrived, bell }: Loop,
  { question }: { question: Question },
): void {
  const { subject } = question;
  spine.record({ type: 'question.asked', question });
  const withdrawn = new AbortController();
  asking.set(subject, withdrawn);
  void ports.person
    .ask(question, withdrawn.signal)
    .then(
      (said) => {
        if (said !== null) arrived.push({ kind: 'answer', answer: { subject, ...said } });
      },
      (error: unknown) => void arrived.push({ kind: 'bug', error }),
    )
    .finally(() => {
      if (asking.get(subject) === withdrawn) asking.delete(subject);
      bell.ring();
    });
}
