import fc from 'fast-check';
import type { Command, RunState } from '../../src/domain/index.ts';
import { anyDice, dice } from './simulated/dice.ts';
import { anyPlan } from './simulated/plans.ts';
import { runToEnd, Simulation } from './simulation.ts';

/** Runs a simulation of every plan the generator thinks of, showing each command before it starts. */
export function always(
  holds: (command: Command, before: RunState, simulation: Simulation) => void,
): void {
  fc.assert(
    fc.property(anyPlan, anyDice, (plan, numbers) => {
      const simulation = new Simulation(plan, dice(numbers));
      runToEnd(simulation, (command, before) => holds(command, before, simulation));
    }),
    { numRuns: 300 },
  );
}

/** The record of a unit that is there. */
export const recordOf = (state: RunState, id: string): RunState['units'][number] =>
  state.units.find((record) => record.id === id)!;
