import { z } from 'zod';
import { AgentReport } from './agent.ts';
import { FrozenCheck } from './check.ts';
import { UnitId } from './manifest.ts';
import { ScenarioResult } from './verdict.ts';

/**
 * What another author made of a scenario without having seen its first check. Kept for as long as that check judges: whenever the
 * scenario fails in two iterations running, both have to fail.
 */
export const Opinion = z.object({
  scenario: z.string(),
  /** Hash of the check it is about. */
  on: z.string(),
  /** Null: none could be made that may judge, so that the first check stands alone. */
  check: FrozenCheck.nullable(),
});
export type Opinion = z.infer<typeof Opinion>;

/** An opinion and what it found of one product. */
export const HeardOpinion = Opinion.extend({
  /** Why there is none, one line for a person. */
  reason: z.string().optional(),
  /** Null when there is none. */
  result: ScenarioResult.nullable(),
});
export type HeardOpinion = z.infer<typeof HeardOpinion>;

/** A check whose failures want another opinion. */
export interface Doubt {
  readonly check: FrozenCheck;
  /** The opinion that was made for it before. */
  readonly second: FrozenCheck | null;
}

/** A scenario that failed when it was last measured, and in every measurement since. */
export interface Failing {
  readonly scenario: string;
  /** Hash of the check that says so. */
  readonly check: string;
  /** Code run, of `attempts`, whose product it failed first. */
  readonly since: number;
}

const asked = z.object({ unit: UnitId, iteration: z.int(), commit: z.string() });

/** What happens around a second opinion, among the events of a run. */
export const OPINION_FACTS = [
  /** Checks that failed in two iterations running are compared with checks of an author who has not seen them. */
  asked.extend({ type: z.literal('opinion.started'), scenarios: z.array(z.string()) }),
  /** Compared: both fail and the product is wrong, or they disagree and a person decides. */
  asked.extend({
    type: z.literal('opinion.finished'),
    opinions: z.array(HeardOpinion),
    /** Null when every opinion was there already. */
    agent: AgentReport.nullable(),
  }),
] as const;
