import type { EventOf, Plan, RunState } from '../domain/index.ts';
import { evolve } from '../domain/index.ts';
import type { Chronicle } from './chronicle.ts';
import { blank } from './chronicle.ts';

/** An answer that was left for a run, which has not taken it yet. */
export type LeftAnswer = Pick<EventOf<'decision.made'>, 'subject' | 'decision'>;

/** A run as `status` sees it. */
export interface RunView {
  readonly state: RunState;
  readonly chronicle: Chronicle;
  /** Answers that wait to be taken, oldest first; left out where nobody looked. */
  readonly left?: readonly LeftAnswer[];
}

/** A spec that was never run, seen as a run that has done nothing. */
export function unstarted(plan: Plan): RunView {
  const envelope = { seq: 1, at: '', run: '' };
  const state = evolve(null, {
    ...envelope,
    type: 'run.started',
    plan,
    branch: '',
    base: '',
    inputs: {},
  });
  return { state, chronicle: blank };
}
