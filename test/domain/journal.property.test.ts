import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openQuestions, replay, type Command, type RunState } from '../../src/domain/index.ts';
import { always } from './always.ts';
import { anyDice, dice } from './simulated/dice.ts';
import { anyPlan } from './simulated/plans.ts';
import { runToEnd, Simulation } from './simulation.ts';

/** After how many steps each crash comes. */
const anyCrashes = fc.array(fc.nat({ max: 30 }), { maxLength: 4 });

function runWithCrashes(
  simulation: Simulation,
  crashes: readonly number[],
  watch?: (command: Command) => void,
): void {
  for (const steps of crashes) {
    for (let left = steps; left > 0 && simulation.step(watch); left--);
    if (simulation.state.outcome === null) simulation.crash();
  }
  runToEnd(simulation, watch);
}

describe('the journal', () => {
  it('replays from every prefix to the same state, as plain data', () => {
    fc.assert(
      fc.property(anyPlan, anyDice, fc.nat(), (plan, numbers, cut) => {
        const simulation = new Simulation(plan, dice(numbers));
        const seen: RunState[] = [];
        const states = () => void (seen[simulation.events.length] = simulation.state);
        states();
        runToEnd(simulation, states);
        states();
        const length = 1 + (cut % simulation.events.length);
        const copy = JSON.parse(JSON.stringify(simulation.events)) as typeof simulation.events;
        const replayed = replay(copy.slice(0, length));
        if (seen[length] !== undefined) expect(replayed).toEqual(seen[length]);
        expect(replay(copy)).toEqual(simulation.state);
      }),
      { numRuns: 200 },
    );
  });

  it('carries on after a crash at any event to the same end', () => {
    fc.assert(
      fc.property(anyPlan, fc.nat(), (plan, cut) => {
        // With no dice left all goes well, so that the end is known.
        const whole = new Simulation(plan, dice([]));
        runToEnd(whole);
        const crashed = new Simulation(plan, dice([]));
        for (let steps = cut % 40; steps > 0 && crashed.step(); steps--);
        if (crashed.state.outcome === null) crashed.crash();
        runToEnd(crashed);
        expect(crashed.state.outcome).toBe(whole.state.outcome);
        expect(crashed.state.units.map(({ state }) => state.phase)).toEqual(
          whole.state.units.map(({ state }) => state.phase),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('survives crashes among all other mishaps', () => {
    fc.assert(
      fc.property(anyPlan, anyDice, anyCrashes, (plan, numbers, crashes) => {
        const simulation = new Simulation(plan, dice(numbers));
        runWithCrashes(simulation, crashes);
        expect(replay(simulation.events)).toEqual(simulation.state);
      }),
      { numRuns: 300 },
    );
  });

  it('remembers an abort, whatever fails after it, and takes up nothing but its end', () => {
    let stopped = 0;
    fc.assert(
      fc.property(anyPlan, anyDice, anyCrashes, (plan, numbers, crashes) => {
        const simulation = new Simulation(plan, dice(numbers));
        const watch = (command: Command) => {
          const aborted = simulation.events.findIndex(
            (event) => event.type === 'decision.made' && event.decision.kind === 'abort',
          );
          if (aborted === -1) return;
          if (command.do === 'stop') stopped++;
          expect(openQuestions(simulation.state)).toEqual([]);
          expect(['edit manifest', 'finish', 'trip', 'stop']).toContain(command.do);
        };
        runWithCrashes(simulation, crashes, watch);
      }),
      { numRuns: 2000 },
    );
    expect(stopped).toBeGreaterThan(0);
  });

  it('serves anew, at no iteration, what could not be served until a person said how', () => {
    let served = 0;
    always((_, before, { events }) => {
      const last = events.at(-1)!;
      if (last.type !== 'decision.made' || last.decision.kind !== 'start') return;
      served++;
      expect(before.serviceStart?.command).toBe('x');
      for (const { state } of before.units)
        if (state.phase === 'escalated') expect(state.question.kind).not.toBe('unserved');
    });
    expect(served).toBeGreaterThan(0);
  });

  it('costs a crash no iteration', () => {
    fc.assert(
      fc.property(anyPlan, fc.integer({ min: 1, max: 25 }), (plan, steps) => {
        const simulation = new Simulation(plan, dice([]));
        for (let left = steps; left > 0 && simulation.step(); left--);
        if (simulation.state.outcome !== null) return;
        simulation.crash();
        for (const { state } of simulation.state.units)
          if (state.phase === 'pending') expect(state.iteration).toBe(1);
      }),
    );
  });
});
