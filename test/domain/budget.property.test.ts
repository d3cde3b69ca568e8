import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replay, type Budget, type Command, type Plan } from '../../src/domain/index.ts';
import { anyDice, dice } from './simulated/dice.ts';
import { anyPlan } from './simulated/plans.ts';
import { runToEnd, Simulation } from './simulation.ts';

const maybe = <T>(...values: T[]) => fc.constantFrom(undefined, ...values);

const anyLimits = fc
  .record({ usd: maybe(0.3, 1.25, 6), tokens: maybe(15, 60, 500), ms: maybe(20_000, 200_000) })
  .map(
    (limits) =>
      Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit)) as Budget['run'],
  );

const anyBudget: fc.Arbitrary<Budget> = fc.record({
  run: anyLimits,
  unit: anyLimits,
  agent: fc.record({ usd: fc.constantFrom(0.5, 2, null), ms: fc.constant(60_000) }),
});

/** Runs every plan under every budget, showing each command before it starts. */
function always(
  holds: (command: Command, simulation: Simulation) => void,
  ended: (simulation: Simulation) => void = () => {},
): void {
  fc.assert(
    fc.property(anyPlan, anyBudget, anyDice, (plan, budget, numbers) => {
      const simulation = new Simulation({ ...plan, budget }, dice(numbers));
      runToEnd(simulation, (command) => holds(command, simulation));
      ended(simulation);
    }),
    { numRuns: 400 },
  );
}

const spentIn = ({ state: { purse, index } }: Simulation, unit?: string): number =>
  unit === undefined ? purse.total.usd : purse.spent[index[unit]!]!.usd;

const heldIn = ({ state: { purse } }: Simulation, unit?: string): number =>
  Object.values(purse.reserved)
    .filter((held) => unit === undefined || held.unit === unit)
    .reduce((sum, { usd }) => sum + usd, 0);

const PENNY = 1e-9;

describe('a budget', () => {
  it('has room for the worst of every agent that is sent out, beside the worst of those at work', () => {
    let limited = 0;
    always((command, simulation) => {
      if (!('allotment' in command) || command.allotment === undefined) return;
      const { run, unit } = simulation.state.plan.budget!;
      const worst = command.allotment.usd ?? Infinity;
      const { unit: id } = command;
      limited++;
      if (run.usd !== undefined)
        expect(spentIn(simulation) + heldIn(simulation) + worst).toBeLessThanOrEqual(
          run.usd + PENNY,
        );
      if (unit.usd !== undefined)
        expect(spentIn(simulation, id) + heldIn(simulation, id) + worst).toBeLessThanOrEqual(
          unit.usd + PENNY,
        );
    });
    expect(limited).toBeGreaterThan(200);
  });

  it('is never overspent by agents that keep to what they are given, unknown costs taken at their worst', () => {
    always(
      () => {},
      (simulation) => {
        const { run, unit } = simulation.state.plan.budget!;
        // What the gate asks of agents is counted when it is known, and holds up who comes next.
        const { spent } = simulation.state.purse;
        const ofUnits = spent.reduce((sum, { usd }) => sum + usd, 0);
        if (run.usd !== undefined) expect(ofUnits).toBeLessThanOrEqual(run.usd + PENNY);
        for (const { id } of simulation.state.units)
          if (unit.usd !== undefined)
            expect(spentIn(simulation, id)).toBeLessThanOrEqual(unit.usd + PENNY);
      },
    );
  });

  it('counts what every agent consumed, whatever became of its work', () => {
    always(
      () => {},
      ({ events, state }) => {
        const reports = events.flatMap((event) =>
          'agent' in event && event.agent ? [event.agent] : [],
        );
        const known = reports.reduce((sum, { usage }) => sum + (usage.costUsd ?? 0), 0);
        expect(state.purse.total.usd).toBeGreaterThanOrEqual(known - PENNY);
        expect(state.purse.total.tokens).toBeGreaterThanOrEqual(11 * reports.length - PENNY);
      },
    );
  });

  it('stops a run that could go on with more, and a larger one brings it to its end', () => {
    let stopped = 0;
    fc.assert(
      fc.property(anyPlan, anyBudget, (plan, budget) => {
        // With no dice left all goes well, so that nothing but the budget can stop it.
        const unlimited = new Simulation(plan, dice([]));
        runToEnd(unlimited);
        const simulation = new Simulation({ ...plan, budget }, dice([]));
        runToEnd(simulation);
        const last = simulation.events.at(-1)!;
        if (last.type === 'run.stopped') {
          stopped++;
          expect(last).toMatchObject({ reason: 'budget', detail: expect.stringMatching(/ of /) });
          resume(simulation, { ...plan, budget: { ...budget, run: {}, unit: {} } });
        }
        expect(simulation.state.outcome).toBe(unlimited.state.outcome);
        expect(replay(simulation.events)).toEqual(simulation.state);
      }),
      { numRuns: 300 },
    );
    expect(stopped).toBeGreaterThan(50);
  });

  it('takes what died with its process at the worst', () => {
    fc.assert(
      fc.property(anyPlan, fc.integer({ min: 1, max: 25 }), (plan, steps) => {
        const budget: Budget = { run: { usd: 100 }, unit: {}, agent: { usd: 2, ms: 60_000 } };
        const simulation = new Simulation({ ...plan, budget }, dice([]));
        for (let left = steps; left > 0 && simulation.step(); left--);
        if (simulation.state.outcome !== null) return;
        const before = spentIn(simulation) + heldIn(simulation);
        simulation.crash();
        expect(spentIn(simulation)).toBeCloseTo(before);
        expect(heldIn(simulation)).toBe(0);
      }),
    );
  });
});

function resume(simulation: Simulation, { slots, infra, service, budget }: Plan): void {
  simulation.stopped = false;
  simulation.append({ type: 'run.resumed', plan: { slots, infra, service, budget } });
  runToEnd(simulation);
}
