import type { EventOf } from '../event.ts';
import type { HeardOpinion, Opinion } from '../opinion.ts';
import { doubtsOf } from './doubt.ts';
import { expecting } from '../records.ts';
import { again, escalate } from './setback.ts';
import { spent } from './spend.ts';
import type { RunState, UnitRecord } from '../state.ts';

/** A unit that is not satisfied: the next iteration, unless a check that says so a second time is to be doubted first. */
export function unsatisfied(state: RunState, record: UnitRecord): UnitRecord {
  const { iteration, commit } = expecting(record, 'evaluating');
  return doubtsOf(record).length === 0
    ? again(state, record, { iteration })
    : { ...record, state: { phase: 'doubted', iteration, commit, asking: false } };
}

/**
 * Both checks fail: the product is wrong. They disagree: nobody knows, the evaluation is escalated and no iteration is spent. Where
 * there is no other opinion, or it cannot decide, the first check stands.
 */
export function heard(
  state: RunState,
  record: UnitRecord,
  event: EventOf<'opinion.finished'>,
): UnitRecord {
  const { iteration } = expecting(record, 'doubted');
  const next: UnitRecord = {
    ...spent(record, event.agent),
    opinions: [
      ...record.opinions.filter((old) => !event.opinions.some((each) => isSame(each, old))),
      ...event.opinions.map(({ scenario, on, check }) => ({ scenario, on, check })),
    ],
  };
  const disputed = new Set(event.opinions.filter(disagrees).map(({ scenario }) => scenario));
  if (disputed.size === 0) return again(state, next, { iteration });
  const scenarios = record.scenarios.map((result) =>
    disputed.has(result.name)
      ? { ...result, outcome: 'inconclusive' as const, reason: DISAGREE }
      : result,
  );
  return escalate(
    { ...next, scenarios },
    {
      kind: 'inconclusive',
      detail: `two independent checks disagree about ${[...disputed].join(', ')}: the first fails, the second passes`,
    },
  );
}

const DISAGREE = 'its two independent checks disagree: the first fails, the second passes';

const disagrees = ({ result }: HeardOpinion): boolean => result?.outcome === 'passed';

const isSame = (a: Opinion, b: Opinion): boolean => a.scenario === b.scenario && a.on === b.on;
