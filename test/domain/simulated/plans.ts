import fc from 'fast-check';
import { unitId, type Plan, type Priority } from '../../../src/domain/index.ts';

const scenario = (name: string, priority: Priority, sealed = false) => ({ name, priority, sealed });

/** What a unit may have to satisfy. */
const SCENARIOS = [
  [scenario('s0', 'P1')],
  [scenario('s0', 'P0'), scenario('s1', 'P1')],
  [scenario('s0', 'P1'), scenario('s1', 'P2'), scenario('last', 'P0', true)],
] as const;

/** Random plans: up to four groups of up to four units, some done already. */
export const anyPlan: fc.Arbitrary<Plan> = fc
  .record({
    threshold: fc.constantFrom(0.5, 0.9, 1),
    maxIterations: fc.integer({ min: 1, max: 4 }),
    requireP0: fc.boolean(),
    scenarios: fc.constantFrom(...SCENARIOS),
    slots: fc.integer({ min: 1, max: 4 }),
    parallelEval: fc.boolean(),
    retries: fc.integer({ min: 0, max: 3 }),
    patience: fc.integer({ min: 0, max: 3 }),
    service: fc.constantFrom('none' as const, 'possible' as const),
    evaluation: fc.constantFrom('checks' as const, 'report' as const),
    escalate: fc.constantFrom(
      undefined,
      { model: 'strong', after: 1 },
      { model: 'strong', after: 2 },
    ),
    groups: fc.array(
      fc.record({
        mode: fc.constantFrom('parallel' as const, 'sequential' as const),
        done: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ groups, retries, scenarios, escalate, ...rest }) => {
    const named = groups.map(({ mode, done }, at) => ({
      number: at + 1,
      mode,
      units: done.map((_, unit) => unitId(`g${at + 1}u${unit}`)),
      done,
    }));
    return {
      ...rest,
      ...(escalate !== undefined && { escalate }),
      spec: '001-x',
      title: 'X',
      status: 'pending' as const,
      infra: { retries, backoffMs: 10 },
      // Known of every other unit.
      expected: Object.fromEntries(
        named.flatMap(({ units }) =>
          units.filter((_, at) => at % 2 === 1).map((id) => [id, id.length + named.length]),
        ),
      ),
      groups: named.map(({ number, mode, units }) => ({ number, mode, units })),
      units: named.flatMap(({ units, done }) =>
        units.map((id, at) => ({
          id,
          title: id,
          after: [],
          done: done[at] === true,
          scenarios: [...scenarios],
        })),
      ),
    };
  });
