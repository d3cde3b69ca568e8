import {
  admits,
  evolve,
  openQuestions,
  type Decision,
  type Question,
  type RunState,
} from '../domain/index.ts';
import { decisionWords } from './decided.ts';
import { answersTo, runCommand } from './judgement.ts';
import type { LeftAnswer, RunView } from './run-view.ts';
import { indented } from './words.ts';

/** A question that the journal knows no decision for. */
export interface AskedQuestion {
  readonly question: Question;
  /** The answer that was left to it meanwhile; null: a person is waited for. */
  readonly answer: Decision | null;
}

/** Every open question of a run, each with the answer that the run will take to it. */
export function askedQuestions({ state, left = [] }: RunView): readonly AskedQuestion[] {
  const { answers } = afterAnswers(state, left);
  return openQuestions(state).map(({ question }) => ({
    question,
    answer: answers.get(question.subject) ?? null,
  }));
}

/** The first question that waits for a person. */
export const waitingQuestion = (view: RunView): Question | null =>
  askedQuestions(view).find(({ answer }) => answer === null)?.question ?? null;

/** How a run will stand once it has taken what was left for it, and which answer each question gets by that, by its subject. */
export function afterAnswers(
  state: RunState,
  left: readonly LeftAnswer[],
): { readonly state: RunState; readonly answers: ReadonlyMap<string, Decision> } {
  const answers = new Map<string, Decision>();
  let now = state;
  for (const { subject, decision } of left) {
    if (!admits(now, subject, decision).ok) continue;
    const before = openQuestions(now);
    // Taken now or later: no time goes by for it here.
    const envelope = { seq: 1, at: now.purse.clock.at, run: '' };
    now = evolve(now, { ...envelope, type: 'decision.made', subject, decision, by: 'decide' });
    const still = new Set(openQuestions(now).map(({ question }) => question.subject));
    for (const { question } of before)
      if (!still.has(question.subject) && !answers.has(question.subject))
        answers.set(question.subject, decision);
  }
  return { state: now, answers };
}

/** What can be done about a question: the commands that answer it, or the answer it has. */
export const waysOn = ({ question, answer }: AskedQuestion, state: RunState): readonly string[] =>
  answer === null
    ? answersTo(question, state).map((way) => `    ${way}`)
    : [indented(`answered: ${decisionWords(answer)}; go on with: ${runCommand(state)}`)];
