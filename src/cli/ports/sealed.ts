import { ok, type ScenarioResult, type UnitId } from '../../domain/index.ts';
import type { Aside } from '../../evaluation/index.ts';
import type { Sealed } from '../../orchestrator/index.ts';

/** How often each sealed scenario is run, as in every evaluation. */
const RUNS = 3;

/** Measures the sealed scenarios of a run, once, on an instance of their own. */
export function sealedFor(aside: Aside, names: (unit: UnitId) => readonly string[]): Sealed {
  return {
    async measure({ commit, units }, signal) {
      const measured = await aside({ commit, units, runs: RUNS, occasion: 'sealed' }, signal);
      if (!measured.ok) return measured;
      return ok(
        units.map(({ unit, broken }) => {
          const results = measured.value.flatMap((each) =>
            each.unit === unit ? [each.result] : [],
          );
          const reasons = new Map(broken.map(({ scenario, reason }) => [scenario, reason]));
          const scenarios = names(unit).map(
            (name): ScenarioResult =>
              results.find((result) => result.name === name) ?? {
                name,
                outcome: 'inconclusive',
                attempts: [],
                reason: reasons.get(name) ?? 'it has no check',
              },
          );
          return { unit, scenarios };
        }),
      );
    },
  };
}
