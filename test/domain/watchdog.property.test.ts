import fc from 'fast-check';
import { expect, test } from 'vitest';
import { next, type AgentReport, type Command, type RunEvent } from '../../src/domain/index.ts';
import { anyDice, dice, type Dice } from './simulated/dice.ts';
import { anyPlan } from './simulated/plans.ts';
import { runToEnd, Simulation } from './simulation.ts';

const agents = { code: 'simulated:a', evaluation: 'simulated' };
/** Retries enough that no operation stops the run by its own failures. */
const infra = { retries: 9, backoffMs: 1000 };

const reportOf = (event: RunEvent): AgentReport | null =>
  'agent' in event ? (event.agent ?? null) : null;

type Row = { readonly kind: string; readonly times: number } | null;

/** Agents at the end of a row that one watchdog ended, as the journal tells; those ended during a wait aside. */
function row(events: readonly RunEvent[]): Row {
  let found = null as Row;
  let held = false;
  for (const event of events) {
    if (event.type === 'run.resumed') found = null;
    if (event.type === 'limit.lifted') held = false;
    const agent = reportOf(event);
    if (agent === null) continue;
    if (agent.limited !== undefined) {
      held = true;
      continue;
    }
    const { stuck } = agent;
    if (stuck === undefined) found = null;
    else if (!held) {
      found = { kind: stuck, times: found?.kind === stuck ? found.times + 1 : 1 };
      if (found.times >= 2) held = true;
    }
  }
  return found;
}

/** Without an end: every second operation fails, and watchdogs end most agents among them. */
function badLuck(seed: number): Dice {
  let value = seed;
  return {
    roll(sides) {
      value = (value * 1_103_515_245 + 12_345) % 2 ** 31;
      const high = Math.floor(value / 65_536);
      if (sides === 12) return high % 2 === 0 ? 11 : 0;
      if (sides === 2) return high % 8 === 0 ? 1 : 0;
      return sides === 4 ? 2 + (high % 4 === 0 ? 1 : 0) : high % sides;
    },
  };
}

test('two agents in a row that got stuck alike pause their provider, a third stops the run resumably', () => {
  let pauses = 0;
  let stops = 0;
  fc.assert(
    fc.property(anyPlan, anyDice, fc.nat({ max: 1000 }), (plan, numbers, luck) => {
      const simulation = new Simulation(
        { ...plan, agents, infra },
        luck === 0 ? dice(numbers) : badLuck(luck),
      );
      runToEnd(simulation, (command) => {
        const { events, state } = simulation;
        expect(state.watchdog).toEqual(row(events));
        if (command.do === 'await limit' && command.why !== undefined) {
          pauses++;
          expect(state.watchdog).toMatchObject({ kind: command.why });
          expect(command.delayMs).toBeGreaterThanOrEqual(60_000);
        }
        if (command.do === 'code') expect(state.watchdog?.times ?? 0).toBeLessThan(3);
        if (command.do !== 'stop' || command.reason !== 'infra') return;
        if (command.detail.startsWith('3 agents in a row')) stops++;
      });
      const last = simulation.events.at(-1)!;
      if (last.type !== 'run.stopped' || last.reason !== 'infra') return;
      simulation.crash();
      expect(simulation.state.watchdog).toBeNull();
      expect(next(simulation.state)).not.toMatchObject([{ do: 'stop' }]);
    }),
    { numRuns: 200 },
  );
  expect(pauses).toBeGreaterThan(0);
  expect(stops).toBeGreaterThan(0);
});

test('an agent that a time budget ended is no fault: the run stops for its budget, whatever the retries', () => {
  const plan = fc.sample(
    anyPlan.filter(({ units }) => units.every(({ done }) => !done)),
    { seed: 7, numRuns: 1 },
  )[0]!;
  const budget = { run: { ms: 30_000 }, unit: {}, agent: { usd: null, ms: 60_000 } };
  const simulation = new Simulation(
    { ...plan, infra: { retries: 0, backoffMs: 1 }, budget, patience: 0 },
    dice([]),
  );
  const isCode = (command: Command) => command.do === 'code';
  while (!next(simulation.state).some(isCode)) expect(simulation.step()).toBe(true);
  const code = next(simulation.state).find(isCode);
  if (code?.do !== 'code') throw new Error('nothing is coded');
  const { unit, iteration, attempt, base } = code;
  simulation.append({ type: 'code.started', unit, iteration, attempt, base });
  const usage = { costUsd: 0, inputTokens: 1, outputTokens: 1 };
  const agent = {
    agent: 'x',
    outcome: 'killed',
    usage,
    ms: 5000,
    transcript: 't',
    stuck: 'wall',
  } as const;
  for (let tries = 0; tries < 40; tries++)
    simulation.append({ type: 'run.noted', message: 'a second later' });
  simulation.append({
    type: 'infra.failed',
    operation: 'code',
    unit,
    detail: 'out of time',
    agent,
  });
  runToEnd(simulation);
  expect(simulation.events.at(-1)).toMatchObject({ type: 'run.stopped', reason: 'budget' });
});
