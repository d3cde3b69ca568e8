import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evolve, next, type RunEvent, type RunState } from '../../src/domain/index.ts';
import { anyDice, dice } from './simulated/dice.ts';
import { anyPlan } from './simulated/plans.ts';
import { runToEnd, Simulation } from './simulation.ts';

const SECOND = 1000;
const NIGHT = 8 * 60 * 60 * SECOND;

const workedIn = ({ purse: { clock } }: RunState): number =>
  clock.before + Date.parse(clock.at) - Date.parse(clock.since);

/** The same events a second apart, those after a pause as much later. */
function fold(
  events: readonly RunEvent[],
  pauseBefore: (state: RunState, event: RunEvent) => number,
): RunState {
  let now = Date.UTC(2026, 0, 1);
  let state: RunState | null = null;
  for (const event of events) {
    now += SECOND + (state === null ? 0 : pauseBefore(state, event));
    state = evolve(state, { ...event, at: new Date(now).toISOString() });
  }
  return state!;
}

/** Nothing is left to do but to wait for a person. */
const waits = (state: RunState): boolean => next(state).some((command) => command.do === 'pause');

it('does not count the time in which nothing was done but wait for an answer, however it comes', () => {
  let nights = 0;
  fc.assert(
    fc.property(
      anyPlan,
      anyDice,
      fc.constantFrom('prompt' as const, 'decide' as const),
      (plan, numbers, by) => {
        const simulation = new Simulation(plan, dice(numbers));
        runToEnd(simulation);
        const events = simulation.events.map((event) =>
          event.type === 'decision.made' ? { ...event, by } : event,
        );
        const night = (state: RunState, { type }: RunEvent) => {
          if (type !== 'decision.made' || !waits(state)) return 0;
          nights++;
          return NIGHT;
        };
        const slept = workedIn(fold(events, night));
        // The second in which an answer comes is part of the wait, or of work that goes on.
        const answers = events.filter(({ type }) => type === 'decision.made').length;
        expect(Math.abs(slept - workedIn(fold(events, () => 0)))).toBeLessThanOrEqual(
          answers * SECOND,
        );
      },
    ),
    { numRuns: 150 },
  );
  expect(nights).toBeGreaterThan(0);
});

it('does not count the time between two processes, whatever is decided meanwhile', () => {
  let pauses = 0;
  let kills = 0;
  fc.assert(
    fc.property(anyPlan, anyDice, (plan, numbers) => {
      const simulation = new Simulation(plan, dice(numbers));
      runToEnd(simulation);
      const { events } = simulation;
      const at = events.findIndex(({ type }) => type === 'decision.made');
      const answer = events[at];
      if (answer?.type !== 'decision.made') return;
      const asked = events.slice(0, at);
      // It paused, or was killed with others at work.
      const killed = !waits(fold(asked, () => 0));
      if (killed) kills++;
      else pauses++;
      const resumed: RunEvent[] = [
        ...(killed ? [] : [{ seq: 0, at: '', run: 'r', type: 'run.paused' } as const]),
        { ...answer, by: 'decide' },
        { seq: 0, at: '', run: 'r', type: 'run.resumed' },
      ];
      const night = (_: RunState, { type }: RunEvent) =>
        type === 'decision.made' || type === 'run.resumed' ? NIGHT : 0;
      const worked = workedIn(fold([...asked, ...resumed], night));
      expect(worked - workedIn(fold(asked, () => 0))).toBeLessThanOrEqual(SECOND);
    }),
    { numRuns: 200 },
  );
  expect(Math.min(pauses, kills)).toBeGreaterThan(0);
});

it('does not count what the clock of the machine jumped', () => {
  fc.assert(
    fc.property(
      anyPlan,
      anyDice,
      fc.nat(),
      fc.constantFrom(NIGHT, -NIGHT),
      (...[plan, numbers, place, jumped]) => {
        const simulation = new Simulation(plan, dice(numbers));
        runToEnd(simulation);
        const at = 1 + (place % (simulation.events.length - 1));
        const events = simulation.events.map((event, each) =>
          each === at ? { ...event, jumped } : event,
        );
        const leap = (_: RunState, event: RunEvent) => event.jumped ?? 0;
        expect(workedIn(fold(events, leap))).toBe(workedIn(fold(simulation.events, () => 0)));
      },
    ),
    { numRuns: 50 },
  );
});
