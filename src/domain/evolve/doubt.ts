import type { FrozenCheck } from '../check.ts';
import type { Doubt, Failing, Opinion } from '../opinion.ts';
import type { UnitRecord } from '../state.ts';
import type { ScenarioResult } from '../verdict.ts';

/** What fails now, and since when, by checks that still are what they were. A check that never ran proves nothing. */
export function failingOf(
  record: UnitRecord,
  scenarios: readonly ScenarioResult[],
): readonly Failing[] {
  const checks = record.checks.kind === 'frozen' ? record.checks.checks : [];
  return scenarios.flatMap(({ name, outcome }): Failing[] => {
    const check = checks.find(({ scenario }) => scenario === name)?.sha256;
    if (outcome !== 'failed' || check === undefined) return [];
    const before = record.failing.find((each) => each.scenario === name && each.check === check);
    return [{ scenario: name, check, since: before?.since ?? record.attempts }];
  });
}

/** Checks that failed in two iterations running. What a person wrote has had a second opinion; what none can be made of stands. */
export function doubtsOf({ checks, failing, attempts, opinions }: UnitRecord): readonly Doubt[] {
  if (checks.kind !== 'frozen') return [];
  return checks.checks.flatMap((check): Doubt[] => {
    const fails = failing.find(
      (each) => each.scenario === check.scenario && each.check === check.sha256,
    );
    if (fails === undefined || fails.since >= attempts) return [];
    if (check.revised !== undefined) return [];
    const had = opinions.find((each) => isAbout(each, check));
    return had?.check === null ? [] : [{ check, second: had?.check ?? null }];
  });
}

const isAbout = ({ scenario, on }: Opinion, check: FrozenCheck): boolean =>
  scenario === check.scenario && on === check.sha256;
