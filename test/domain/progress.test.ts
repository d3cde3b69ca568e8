import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stalled, type Lap } from '../../src/domain/progress.ts';
import { anyDice, dice } from './simulated/dice.ts';
import { anyPlan } from './simulated/plans.ts';
import { runToEnd, Simulation } from './simulation.ts';

/** Laps from what failed in each, of five scenarios. */
const laps = (...failing: readonly string[]): readonly Lap[] =>
  failing.map((names, at) => ({
    attempt: at + 1,
    iteration: at + 1,
    failing: names.split(''),
    satisfaction: (5 - names.length) / 5,
    empty: false,
    strong: false,
  }));

test.each<[string, readonly Lap[], number, string | null]>([
  ['the first failure is no lack of progress', laps('ab'), 1, null],
  [
    'the same set again',
    laps('ab', 'ab'),
    1,
    'in iteration 2 the same scenarios failed as in iteration 1',
  ],
  ['the same set again, with patience', laps('ab', 'ab'), 2, null],
  [
    'a set of long ago',
    laps('a', 'b', 'a'),
    1,
    'in iteration 3 the same scenarios failed as in iteration 1',
  ],
  ['to and fro', laps('a', 'b', 'a', 'b'), 2, expect.stringMatching(/iteration 1; .*iteration 2/)],
  ['as many others', laps('ab', 'cd', 'ef'), 1, null],
  ['once worse', laps('a', 'abc'), 2, null],
  [
    'twice worse',
    laps('a', 'ab', 'abc'),
    2,
    'in iteration 2 satisfaction fell from 80 % to 60 %; in iteration 3 satisfaction fell from 60 % to 40 %',
  ],
  ['worse, then better, then worse', laps('a', 'abc', 'bd', 'bcd'), 2, null],
  ['no patience set', laps('a', 'a', 'a', 'a'), 0, null],
  ['nothing changed', [{ ...laps('a')[0]!, empty: true }], 1, 'iteration 1 changed nothing'],
  [
    'a stronger model is not held to the one before',
    laps('a', 'a', 'a').map((lap, at) => ({ ...lap, strong: at === 2 })),
    2,
    null,
  ],
  [
    'but to itself',
    laps('a', 'a', 'a', 'a', 'a').map((lap, at) => ({ ...lap, strong: at > 1 })),
    2,
    expect.stringMatching(/^in iteration 4 .* 3; in iteration 5 .* 3$/),
  ],
])('%s', (_, given, patience, why) => {
  expect(stalled(given, patience)).toEqual(why);
});

test('a run asks about a unit that does not get on, never codes it on, and starts anew with guidance', () => {
  let asked = 0;
  fc.assert(
    fc.property(anyPlan, anyDice, fc.integer({ min: 1, max: 2 }), (any, numbers, patience) => {
      const plan = { ...any, patience, maxIterations: 4, threshold: 1 };
      const simulation = new Simulation(plan, dice(numbers));
      runToEnd(simulation, (command, before) => {
        if (command.do === 'code') {
          const record = before.units[before.index[command.unit]!]!;
          expect(stalled(record.laps, patience)).toBeNull();
          // One code run, one lap: what is measured once more takes the place of what was.
          expect(new Set(record.laps.map(({ attempt }) => attempt)).size).toBe(record.laps.length);
          expect(record.laps.length).toBeLessThanOrEqual(plan.maxIterations);
          if (command.feedback.guidance !== null && command.iteration === 1)
            expect(record.laps).toEqual([]);
        }
        if (command.do !== 'ask' || command.question.kind !== 'stalled') return;
        asked++;
        const record = before.units[before.index[command.question.subject]!]!;
        expect(patience).toBeGreaterThan(0);
        expect(record.laps.length).toBeGreaterThanOrEqual(patience);
        expect(record.state).toMatchObject({ phase: 'escalated' });
        expect(record.laps.at(-1)!.iteration).toBeLessThan(plan.maxIterations);
      });
    }),
    { numRuns: 500 },
  );
  expect(asked).toBeGreaterThan(0);
});
