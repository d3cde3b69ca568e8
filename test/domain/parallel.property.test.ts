import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  next,
  unitsOf,
  type Command,
  type Plan,
  type RunState,
  type ScenarioOutcome,
} from '../../src/domain/index.ts';
import { anyDice, dice } from './simulated/dice.ts';
import { anyPlan } from './simulated/plans.ts';
import { runToEnd, Simulation } from './simulation.ts';

const measuredIn = ({ units }: RunState) =>
  units.flatMap(({ id, state }) => (state.phase === 'evaluating' ? [{ id, ...state }] : []));

/** Whether measuring a unit takes a service. */
const talks = (command: Extract<Command, { do: 'evaluate' }>, { plan }: RunState): boolean =>
  plan.service === 'possible' &&
  (plan.evaluation === 'report' || command.checks.some(({ needsService }) => needsService));

/** Everything goes well, in any order. */
const calm = fc.array(fc.nat({ max: 1 }), { maxLength: 400, size: 'max' });

test('units are measured side by side only where the plan says so: as many as slots, one on the group’s service, all on what landed', () => {
  let beside = 0;
  let aside = 0;
  fc.assert(
    fc.property(anyPlan, fc.oneof(calm, anyDice), (plan, numbers) => {
      const simulation = new Simulation(plan, dice(numbers));
      const onService = new Set<string>();
      runToEnd(simulation, (command, before) => {
        const measuring = measuredIn(before);
        for (const { commit } of measuring) expect(commit).toBe(before.head);
        // Nobody lands, codes, or touches the service under what is being measured.
        if (measuring.length > 0)
          expect(['land', 'code', 'ready service', 'gate', 'edit manifest']).not.toContain(
            command.do,
          );
        if (command.do !== 'evaluate') return;
        expect(measuring.length).toBeLessThan(plan.parallelEval === true ? plan.slots : 1);
        const others = measuring.filter(({ id }) => onService.has(id));
        expect(command.aside === true).toBe(talks(command, before) && others.length > 0);
        if (measuring.length > 0) beside++;
        if (command.aside === true) aside++;
        if (talks(command, before) && command.aside !== true) onService.add(command.unit);
        else onService.delete(command.unit);
      });
    }),
    { numRuns: 150 },
  );
  expect(beside).toBeGreaterThan(0);
  expect(aside).toBeGreaterThan(0);
});

test('side by side or one after the other, the verdicts are the same', () => {
  const outcomes: readonly ScenarioOutcome[] = ['passed', 'failed', 'passed'];
  let failures = 0;
  fc.assert(
    fc.property(anyPlan, fc.array(fc.nat({ max: 2 }), { minLength: 7 }), (plan, luck) => {
      const verdict = (unit: string, iteration: number) =>
        outcomes[luck[(unit.charCodeAt(1) * 5 + unit.charCodeAt(3) * 3 + iteration) % 7] ?? 0]!;
      const told = (parallelEval: boolean) => {
        const simulation = new Simulation({ ...plan, parallelEval }, dice([]), verdict);
        runToEnd(simulation);
        const { events, state } = simulation;
        const verdicts = events.flatMap((event) =>
          event.type === 'evaluation.finished'
            ? [`${event.unit} ${event.iteration} ${event.scenarios[0]?.outcome}`]
            : [],
        );
        failures += verdicts.filter((line) => line.endsWith('failed')).length;
        return {
          verdicts: verdicts.toSorted(),
          phases: state.units.map((each) => each.state.phase),
        };
      };
      expect(told(true)).toEqual(told(false));
    }),
    { numRuns: 80 },
  );
  expect(failures).toBeGreaterThan(0);
});

const isNextOf = ({ groups }: Plan, group: number, unit: string): boolean =>
  groups.find(({ number }) => number > group)?.units.some((id) => id === unit) ?? false;

test('checks of the next group are compiled in slots that nobody of this one wants', () => {
  let early = 0;
  fc.assert(
    fc.property(anyPlan, fc.oneof(calm, anyDice), (plan, numbers) => {
      const simulation = new Simulation(plan, dice(numbers));
      runToEnd(simulation, (command, before) => {
        const { group } = before;
        if (command.do !== 'compile checks' || group === null) return;
        const own = unitsOf(before, group.number);
        if (own.some(({ id }) => id === command.unit)) return;
        early++;
        expect(isNextOf(plan, group.number, command.unit)).toBe(true);
        expect(own.map(({ state }) => state.phase)).not.toContain('escalated');
        // It is the first that may start: what this group wants of agents has started.
        const wanted = next(before).filter(
          (each) =>
            (each.do === 'code' || each.do === 'compile checks' || each.do === 'second opinion') &&
            own.some(({ id }) => id === each.unit),
        );
        expect(wanted).toEqual([]);
      });
    }),
    { numRuns: 150 },
  );
  expect(early).toBeGreaterThan(0);
});

test('no group waits for the checks of another: it ends while they are being compiled', () => {
  let ahead = 0;
  fc.assert(
    fc.property(anyPlan, (plan) => {
      // Compiling lasts as long as anything else is in flight.
      const die = {
        roll: (sides: number) =>
          sides === simulation.flying.length
            ? Math.max(
                0,
                simulation.flying.findIndex((each) => each.do !== 'compile checks'),
              )
            : 0,
      };
      const simulation: Simulation = new Simulation({ ...plan, evaluation: 'checks' }, die);
      runToEnd(simulation, (command, before) => {
        if (command.do !== 'finish group') return;
        ahead += before.units.filter(({ checks }) => checks.kind === 'compiling').length;
      });
    }),
    { numRuns: 100 },
  );
  expect(ahead).toBeGreaterThan(0);
});
