import fc from 'fast-check';
import { expect, test } from 'vitest';
import { longestFirst, paceOf } from '../../src/domain/next/makespan.ts';
import { next, unitsOf, type Command } from '../../src/domain/index.ts';
import { anyDice, dice } from './simulated/dice.ts';
import { anyPlan } from './simulated/plans.ts';
import { runToEnd, Simulation } from './simulation.ts';

test('of units that may start together the longest known goes first, unknown ones as the mean, a sequence as it is', () => {
  let chosen = 0;
  fc.assert(
    fc.property(anyPlan, anyDice, (plan, numbers) => {
      const { expected = {} } = plan;
      const known = Object.values(expected);
      const mean = known.reduce((sum, ms) => sum + ms, 0) / Math.max(1, known.length);
      const simulation = new Simulation(plan, dice(numbers));
      runToEnd(simulation, (_, before) => {
        const codes = next(before).filter((command: Command) => command.do === 'code');
        if (codes.length < 2) return;
        chosen++;
        const ms = codes.map((code) => (code.do === 'code' ? (expected[code.unit] ?? mean) : 0));
        expect(ms).toEqual(ms.toSorted((a, b) => b - a));
        const units = unitsOf(before, before.group!.number);
        expect(longestFirst(units, plan)).toHaveLength(units.length);
      });
    }),
    { numRuns: 200 },
  );
  expect(chosen).toBeGreaterThan(20);
});

test('no run is faster than its lower bound: the longest chain, or all work on all slots', () => {
  const groups = [
    { number: 1, mode: 'parallel' as const, units: ['a', 'b'] },
    { number: 2, mode: 'sequential' as const, units: ['c', 'd'] },
  ];
  const plan = { groups, slots: 2 } as unknown as Parameters<typeof paceOf>[0];
  const coded = { a: 10, b: 40, c: 20, d: 20 };
  expect(paceOf(plan, { wall: 100, coded, work: 90 })).toEqual({
    wall: 100,
    critical: 80,
    bound: 80,
    utilisation: 0.45,
  });
  expect(paceOf(plan, { wall: 100, coded, work: 190 }).bound).toBe(95);
  expect(paceOf(plan, { wall: 0, coded: {}, work: 0 })).toMatchObject({ bound: 0, utilisation: 0 });
});
