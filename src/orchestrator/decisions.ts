import { admits, type Decision, type EventOf, type Question } from '../domain/index.ts';
import type { Spine } from './spine.ts';

/** What a person said, and how it came. */
export interface Answer {
  readonly subject: Question['subject'];
  readonly decision: Decision;
  readonly by: EventOf<'decision.made'>['by'];
}

/**
 * Journals an answer to an open question, and warns when it leaves other units without what they build on. An answer that fits no open
 * question (somebody else was faster) is noted and changes nothing.
 */
export function settle(spine: Spine, { subject, decision, by }: Answer): void {
  const note = (message: string) => spine.record({ type: 'run.noted', message });
  const admitted = admits(spine.state, subject, decision);
  if (!admitted.ok) return note(`decision for ${subject} not taken: ${admitted.error.what}`);
  spine.record({ type: 'decision.made', subject, decision, by });
  if (decision.kind !== 'skip') return undefined;
  const dependents = spine.state.plan.units.filter(({ after }) =>
    after.some((id) => id === subject),
  );
  if (dependents.length > 0)
    note(
      `${dependents.map(({ id }) => id).join(', ')} will be built without ${subject}, which it comes after`,
    );
}
