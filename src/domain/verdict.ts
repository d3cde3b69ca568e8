import { z } from 'zod';
import type { Demands } from './plan.ts';

/** One execution of one check. `broken`: the check itself is at fault, which says nothing about the product. */
export const Attempt = z.object({
  outcome: z.enum(['passed', 'failed', 'broken']),
  /** `group`: on the group's service; `side`: on a fresh instance of its own. */
  on: z.enum(['group', 'side']),
  ms: z.number().nonnegative(),
});
export type Attempt = z.infer<typeof Attempt>;

export const ScenarioOutcome = z.enum(['passed', 'failed', 'inconclusive']);
export type ScenarioOutcome = z.infer<typeof ScenarioOutcome>;

export const ScenarioResult = z.object({
  name: z.string(),
  outcome: ScenarioOutcome,
  attempts: z.array(Attempt),
  /** Why it is inconclusive, one line for a person; never shown to a code agent. */
  reason: z.string().optional(),
  /** Path of the recorded evidence, relative to the run folder. */
  evidence: z.string().optional(),
});
export type ScenarioResult = z.infer<typeof ScenarioResult>;

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly inconclusive: number;
  readonly total: number;
  /** passed / total, 0 when there is no scenario. */
  readonly satisfaction: number;
}

export type Judgement = 'pass' | 'retry' | 'inconclusive';

/** Counts outcomes. Nothing missing, crashed or timed out leaves the denominator. */
export function tally(scenarios: readonly Pick<ScenarioResult, 'outcome'>[]): Tally {
  const count = (outcome: ScenarioOutcome) => scenarios.filter((s) => s.outcome === outcome).length;
  const passed = count('passed');
  const total = scenarios.length;
  return {
    passed,
    failed: count('failed'),
    inconclusive: count('inconclusive'),
    total,
    satisfaction: total === 0 ? 0 : passed / total,
  };
}

/**
 * With p passed and q inconclusive of n: p/n ≥ t passes; (p+q)/n < t retries; between them the evaluation is at fault. A must that
 * failed retries and one that is inconclusive lets nothing pass, whatever the share.
 */
export function judge(
  scenarios: readonly Pick<ScenarioResult, 'name' | 'outcome'>[],
  { threshold, musts }: Demands,
): Judgement {
  const must = (outcome: ScenarioOutcome) =>
    scenarios.some((scenario) => musts.has(scenario.name) && scenario.outcome === outcome);
  if (must('failed')) return 'retry';
  const { passed, inconclusive, total } = tally(scenarios);
  // 0.9 of 10 scenarios is 9: the tolerance keeps binary fractions from asking for a tenth.
  const reaches = (count: number) => total > 0 && count / total >= threshold - 1e-9;
  if (reaches(passed) && !must('inconclusive')) return 'pass';
  return reaches(passed + inconclusive) ? 'inconclusive' : 'retry';
}
