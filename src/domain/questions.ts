import type { Decision, Question } from './question.ts';
import { admitsFreeze } from './evolve/freeze.ts';
import { isAborted } from './evolve/infra.ts';
import { holdoutsOf } from './plan.ts';
import { plannedUnit, recordOf } from './records.ts';
import { err, ok, type Problem, type Result } from './result.ts';
import type { RunState } from './state.ts';

export interface OpenQuestion {
  readonly question: Question;
  /** It was put to a person in this process already. */
  readonly asked: boolean;
}

/** Every question that waits for a person, the service's first. A run that is over, or that a person has ended, waits for nobody. */
export function openQuestions(state: RunState): readonly OpenQuestion[] {
  if (state.outcome !== null || state.halt?.kind === 'tripped' || isAborted(state)) return [];
  const service = state.group?.service;
  const ofService =
    service?.kind === 'unclear' ? [{ question: service.question, asked: service.asked }] : [];
  const ofUnits: OpenQuestion[] = [];
  for (const { state: unit } of state.units)
    if (unit.phase === 'escalated') ofUnits.push({ question: unit.question, asked: unit.asked });
  return [...ofService, ...ofUnits];
}

/** Whether a decision answers a question that is open, and can be carried out; null for one that needs no question. */
export function admits(
  state: RunState,
  subject: Question['subject'],
  decision: Decision,
): Result<Question | null, Problem> {
  const refuse = (what: string, remedy: string) => err({ where: subject, what, remedy });
  if (decision.kind === 'freeze')
    return subject === 'service'
      ? refuse('it has no checks', 'name the unit')
      : admitsFreeze(state, subject, decision.check);
  const open = openQuestions(state);
  const found =
    open.find(({ question }) => question.subject === subject) ??
    // What could not be served waits as questions about units, and is answered for all of them at once.
    (decision.kind === 'start' && subject === 'service'
      ? open.find(({ question }) => question.kind === 'unserved')
      : undefined);
  if (found === undefined)
    return refuse(
      'no question is open for it',
      'see what waits for a decision with `implement-factory status`',
    );
  const { question } = found;
  if (decision.kind === 'start' && subject !== 'service' && question.kind !== 'unserved')
    return refuse(
      '--start answers questions about the service only',
      'use --retry, --skip or --abort',
    );
  if (decision.kind === 'accept' && !acceptable(state, question))
    return refuse(
      '--accept takes violations of CONSTITUTION.md as they are, and none is asked about',
      question.kind === 'inconclusive'
        ? 'use --recheck, --retry, --skip or --abort'
        : 'use --retry, --skip or --abort',
    );
  if (decision.kind !== 'recheck') return ok(question);
  if (subject === 'service')
    return refuse('--recheck is for a unit', 'name the unit instead of `service`');
  const names = holdoutsOf(plannedUnit(state, subject)).map(({ name }) => name);
  const record = recordOf(state, subject);
  if (!names.includes(decision.scenario))
    return refuse(
      `it has no scenario "${decision.scenario}"`,
      `its scenarios: ${names.join(', ')}`,
    );
  if (record.state.phase === 'escalated' && record.state.commit === null)
    return refuse('it has no landed work to evaluate', 'use --retry, --skip or --abort');
  return ok(question);
}

/** What was taken off the branch in the same gate is not there to be accepted. */
function acceptable(state: RunState, { kind, subject }: Question): boolean {
  const unit = state.units[state.index[subject] ?? -1]?.state;
  return kind === 'violation' && unit?.phase === 'escalated' && unit.commit !== null;
}
