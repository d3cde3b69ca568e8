import {
  admits,
  err,
  ok,
  unitId,
  type Decision,
  type Problem,
  type Question,
  type Result,
} from '../../domain/index.ts';
import { afterAnswers, decisionWords, runCommand, type RunView } from '../../report/index.ts';
import { lastRunOf } from '../project/last-run.ts';
import { leave } from '../inbox.ts';
import { refuse, refused } from '../refusal.ts';
import type { World } from '../world.ts';

export interface DecideArguments {
  readonly spec: string;
  readonly subject: string;
  readonly flags: Record<string, unknown>;
}

/** Answers a question of a run: left in its inbox, taken by the run that goes on, or by the next one. */
export async function decide(
  world: World,
  { spec, subject, flags }: DecideArguments,
): Promise<number> {
  const decision = decisionOf(flags);
  if (!decision.ok) return refuse(world, refused(decision.error).error);
  const last = await lastRunOf(world, spec);
  if (!last.ok) return refuse(world, last.error);
  const { location, view, log } = last.value;
  if (log === null) return refuse(world, refused(neverRun(location.name)).error);
  const about: Question['subject'] = subject === 'service' ? 'service' : unitId(subject);
  const admitted = admittedTo(view, about, decision.value);
  if (!admitted.ok) return refuse(world, refused(admitted.error).error);
  return leave(world, {
    run: { ...last.value, log },
    answer: { subject: about, decision: decision.value },
    said: `${subject}: ${decisionWords(decision.value)}`,
  });
}

/**
 * Whether the run will take it. An earlier answer about the same gives way to it; what another one answers already is
 * not asked any more.
 */
function admittedTo(
  { state, left = [] }: RunView,
  about: Question['subject'],
  decision: Decision,
): ReturnType<typeof admits> {
  const asked = admits(state, about, decision);
  const others = left.filter(({ subject }) => subject !== about);
  if (!asked.ok || others.length === 0) return asked;
  const still = admits(afterAnswers(state, others).state, about, decision);
  if (still.ok) return still;
  const words = others.map(({ subject, decision: other }) => `${subject}: ${decisionWords(other)}`);
  return err({
    where: about,
    what: `It is answered already, by ${words.join('; ')}.`,
    remedy: `Give another answer about ${others.map(({ subject }) => subject).join(', ')}, or go on with: ${runCommand(state)}`,
  });
}

const neverRun = (spec: string): Problem => ({
  where: spec,
  what: 'It was never run, so there is nothing to decide.',
  remedy: `Start it: implement-factory run ${spec}`,
});

/** Exactly one answer. */
function decisionOf(flags: Record<string, unknown>): Result<Decision, Problem> {
  const { retry, skip, accept, abort, recheck, start, port } = flags;
  const answers: Decision[] = [];
  if (typeof retry === 'string') answers.push({ kind: 'retry', guidance: retry });
  if (skip === true) answers.push({ kind: 'skip' });
  if (accept === true) answers.push({ kind: 'accept' });
  if (abort === true) answers.push({ kind: 'abort' });
  if (typeof recheck === 'string') answers.push({ kind: 'recheck', scenario: recheck });
  if (typeof start === 'string')
    answers.push({
      kind: 'start',
      command: start,
      ...(typeof port === 'number' ? { port } : {}),
    });
  const [answer] = answers;
  const half = start === undefined && port !== undefined;
  if (answer !== undefined && answers.length === 1 && !half) return ok(answer);
  return err({
    where: 'decide',
    what: half
      ? '--port belongs to --start.'
      : answers.length === 0
        ? 'No answer was given.'
        : 'More than one answer was given.',
    remedy:
      'Give one of --retry "guidance", --skip, --accept, --abort, --recheck <scenario>, --start <command> [--port <n>].',
  });
}
