import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { next } from '../../src/domain/index.ts';
import { anyDice, dice } from './simulated/dice.ts';
import { anyPlan } from './simulated/plans.ts';
import { runToEnd, Simulation } from './simulation.ts';

const agents = { code: 'simulated:a', evaluation: 'simulated' };

/** An agent was refused, until then at the latest. */
const refuse = (simulation: Simulation, until: string | null) =>
  simulation.append({
    type: 'infra.failed',
    operation: 'delivery',
    detail: 'refused',
    agent: {
      agent: 'simulated',
      outcome: 'api_error',
      usage: { costUsd: null, inputTokens: null, outputTokens: null },
      ms: 1,
      transcript: 't',
      limited: { until },
    },
  });

describe('a limit of a provider', () => {
  it('keeps all its agents back until it is lifted, and is no failure', () => {
    let waits = 0;
    fc.assert(
      fc.property(anyPlan, anyDice, (plan, numbers) => {
        const simulation = new Simulation({ ...plan, agents }, dice(numbers));
        runToEnd(simulation, (command, before) => {
          const phase = before.limits['simulated']?.phase ?? 'over';
          if (command.do === 'await limit') {
            waits++;
            expect(command.delayMs).toBeGreaterThan(0);
            expect(Date.parse(command.until)).toBeGreaterThan(Date.parse(before.purse.clock.at));
          }
          if (['code', 'compile checks', 'gate'].includes(command.do)) expect(phase).toBe('over');
        });
        const failures = simulation.events.filter(
          (event) => event.type === 'infra.failed' && event.agent?.limited === undefined,
        );
        const stop = simulation.events.at(-1)!;
        if (stop.type === 'run.stopped' && stop.reason === 'infra')
          expect(failures.length).toBeGreaterThan(Math.min(plan.infra.retries, 2));
      }),
      { numRuns: 400 },
    );
    expect(waits).toBeGreaterThan(50);
  });

  it.each([
    ['a past one', '2020-01-01T00:00:00.000Z'],
    ['one beyond any limit', '+062024-01-01T00:00:00.000Z'],
    ['none', null],
  ])('whose end is told wrongly, %s, is asked about less and less often', (_, until) => {
    const simulation = new Simulation(
      {
        ...fc.sample(anyPlan, { seed: 3, numRuns: 1 })[0]!,
        agents,
        infra: { retries: 3, backoffMs: 1000 },
      },
      dice([]),
    );
    const waits = Array.from({ length: 4 }, () => {
      refuse(simulation, until);
      const wait = next(simulation.state).find((command) => command.do === 'await limit')!;
      simulation.append({ type: 'limit.waiting', provider: 'simulated', until: wait.until });
      simulation.append({ type: 'limit.lifted', provider: 'simulated' });
      return wait.delayMs;
    });
    for (const [at, ms] of waits.entries()) {
      expect(ms).toBeGreaterThan(2 * (waits[at - 1] ?? 0) - 1100);
      expect(ms).toBeLessThan(2 * 60 * 60_000);
    }
  });

  it('is waited for again by the process that takes over', () => {
    const simulation = new Simulation(
      { ...fc.sample(anyPlan, { seed: 3, numRuns: 1 })[0]!, agents },
      dice([]),
    );
    refuse(simulation, '2026-01-01T01:00:00.000Z');
    const wait = next(simulation.state).find((command) => command.do === 'await limit');
    expect(wait?.until.slice(0, 13)).toBe('2026-01-01T01');
    simulation.append({ type: 'limit.waiting', provider: 'simulated', until: wait!.until });
    expect(next(simulation.state).map((command) => command.do)).not.toContain('await limit');
    simulation.append({ type: 'run.resumed' });
    expect(next(simulation.state).map((command) => command.do)).toContain('await limit');
  });
});
