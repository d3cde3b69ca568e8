import { setTimeout as pause } from 'node:timers/promises';
import type { Decision, Question, RunEvent } from '../../domain/index.ts';
import { isOver, lockHolder } from '../../journal/index.ts';
import {
  answersTo,
  askedQuestions,
  decisionWords,
  multiplex,
  plainReporter,
  runCommand,
  type AskedQuestion,
} from '../../report/index.ts';
import { EXIT } from '../exit.ts';
import { lastRunOf, type LastRun } from '../project/last-run.ts';
import { refuse, refused, type Refusal } from '../refusal.ts';
import { ok, type Result } from '../../domain/index.ts';
import type { World } from '../world.ts';

export interface WaitArguments {
  readonly spec: string | undefined;
  /** Seconds. */
  readonly timeout: number;
  /** Come back at the first thing worth telling. */
  readonly change: boolean;
  /** `cursor` of an earlier answer: what was told then is not told again. */
  readonly since: string | undefined;
  readonly json: boolean;
}

type State = 'running' | 'waiting' | 'answered' | 'completed' | 'failed' | 'stopped';

/** Exit code of each state: those of `run`, and one for a run that goes on. */
const CODES: Readonly<Record<State, number>> = {
  running: EXIT.goesOn,
  waiting: EXIT.waiting,
  // Nobody is waited for: as after a stop, the same command goes on.
  answered: EXIT.stopped,
  completed: EXIT.completed,
  failed: EXIT.failed,
  stopped: EXIT.stopped,
};

const LOOK_MS = 500;

/**
 * Waits, for a bounded time, until a run of another process needs somebody: it asks, is over, or stopped. Tells what happened meanwhile in
 * the lines that `run` would have printed. Changes nothing.
 */
export async function wait(world: World, args: WaitArguments): Promise<number> {
  const deadline = world.ticks() + args.timeout * 1000;
  const first = await look(world, args.spec);
  if (!first.ok) return refuse(world, first.error);
  const since = startOf(first.value, args);
  for (let seen = first.value; ;) {
    const answer = answerOf(seen, since);
    const isTold = args.change && answer.lines.length > 0;
    if (answer.state !== 'running' || isTold || world.ticks() >= deadline) {
      tell(world, answer, args.json);
      return CODES[answer.state];
    }
    await pause(Math.min(LOOK_MS, Math.max(1, deadline - world.ticks())));
    const next = await look(world, args.spec);
    if (!next.ok) return refuse(world, next.error);
    seen = next.value;
  }
}

interface Seen {
  readonly last: LastRun;
  readonly working: boolean;
}

/** Who works is asked first: a run that ends in between is then found ended at the next look. */
async function look(world: World, spec: string | undefined): Promise<Result<Seen, Refusal>> {
  const before = await lastRunOf(world, spec);
  if (!before.ok) return before;
  const { project, location } = before.value;
  const holder = await lockHolder(project, location.name);
  if (!holder.ok) return refused(holder.error);
  const last = await lastRunOf(world, spec);
  if (!last.ok) return last;
  if (last.value.log === null && holder.value === null) return refused(neverRun(location.name));
  return ok({ last: last.value, working: holder.value !== null });
}

const neverRun = (spec: string) => ({
  where: spec,
  what: 'It was never run, so there is nothing to wait for.',
  remedy: `Start it: implement-factory run ${spec} --detach`,
});

interface Cursor {
  readonly run: string;
  readonly seq: number;
}

/** Without a cursor, what was there already is old, except in a plain question of where things stand. */
function startOf({ last }: Seen, { since }: WaitArguments): Cursor | null {
  if (since === undefined) {
    const event = last.log?.events.at(-1);
    return event === undefined ? null : { run: event.run, seq: event.seq };
  }
  const at = since.lastIndexOf(':');
  return { run: since.slice(0, at), seq: Number(since.slice(at + 1)) || 0 };
}

interface Answer {
  readonly spec: string;
  readonly state: State;
  readonly cursor: string | null;
  readonly question: Question | null;
  /** The exact commands that answer it. */
  readonly answers: readonly string[];
  /** Questions whose answer waits to be taken. */
  readonly answered: readonly (Question & { readonly decision: Decision })[];
  /** What goes on with a run that does not go on by itself; null: it does, it asks, or it is over. */
  readonly next: string | null;
  readonly lines: readonly string[];
  readonly exitCode: number;
}

function answerOf({ last, working }: Seen, since: Cursor | null): Answer {
  const events = last.log?.events ?? [];
  const newest = events.at(-1);
  const known = newest !== undefined && since?.run === newest.run ? since.seq : 0;
  const open = askedQuestions(last.view);
  const question = open.find(({ answer }) => answer === null)?.question ?? null;
  const asked = events.some(({ type, seq }) => type === 'question.asked' && seq > known);
  const state = stateOf({
    events,
    working,
    question: working && !asked ? null : question,
    open,
    last,
  });
  return {
    spec: last.location.name,
    state,
    cursor: newest === undefined ? null : `${newest.run}:${String(newest.seq)}`,
    question,
    answers: question === null ? [] : answersTo(question, last.view.state),
    answered: open.flatMap(({ question: of, answer }) =>
      answer === null ? [] : [{ ...of, decision: answer }],
    ),
    next: state === 'answered' || state === 'stopped' ? runCommand(last.view.state) : null,
    lines: linesSince(events, known),
    exitCode: CODES[state],
  };
}

interface Standing {
  readonly events: readonly RunEvent[];
  readonly working: boolean;
  readonly question: Question | null;
  readonly open: readonly AskedQuestion[];
  readonly last: LastRun;
}

function stateOf({ events, working, question, open, last }: Standing): State {
  if (question !== null && !isOver(events)) return 'waiting';
  if (working) return 'running';
  if (!isOver(events)) return open.length > 0 ? 'answered' : 'stopped';
  return last.view.state.outcome === 'completed' ? 'completed' : 'failed';
}

function linesSince(events: readonly RunEvent[], known: number): readonly string[] {
  let text = '';
  const publisher = multiplex(
    [plainReporter((line) => (text += line))],
    (_reporter, error) => (text += `${String(error)}\n`),
    events.filter(({ seq }) => seq <= known),
  );
  for (const event of events.filter(({ seq }) => seq > known)) publisher.publish(event);
  publisher.close();
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function tell(world: World, answer: Answer, json: boolean): void {
  if (json) world.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
  else
    world.stdout.write(
      [
        ...answer.lines,
        ...answeredLines(answer),
        `${answer.spec}: ${answer.state}${onwards(answer)}`,
      ]
        .map((line) => `${line}\n`)
        .join(''),
    );
}

const answeredLines = ({ answered }: Answer): readonly string[] =>
  answered.map(({ subject, decision }) => `${subject}: answered: ${decisionWords(decision)}`);

const onwards = ({ next }: Answer): string => (next === null ? '' : `; go on with: ${next}`);
