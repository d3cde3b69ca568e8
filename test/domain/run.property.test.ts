import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { next, openQuestions, unitsOf } from '../../src/domain/index.ts';
import { always, recordOf } from './always.ts';
import { anyDice, dice } from './simulated/dice.ts';
import { anyPlan } from './simulated/plans.ts';
import { runToEnd, Simulation } from './simulation.ts';

describe('every run, whatever happens in it', () => {
  it('terminates, and ends finished, paused on a question or stopped resumably', () => {
    const endings = new Set<string>();
    fc.assert(
      fc.property(anyPlan, anyDice, (plan, numbers) => {
        const simulation = new Simulation(plan, dice(numbers));
        runToEnd(simulation);
        const last = simulation.events.at(-1)!.type;
        endings.add(last);
        expect(['run.finished', 'run.paused', 'run.stopped']).toContain(last);
        if (last === 'run.finished') expect(next(simulation.state)).toEqual([]);
      }),
      { numRuns: 500 },
    );
    expect(endings).toEqual(new Set(['run.finished', 'run.paused', 'run.stopped']));
  });

  it('lets no agent work on a commit that this process has not audited', () => {
    always((command, _, { events }) => {
      if (command.do !== 'code') return;
      const process = events.slice(events.findLastIndex(({ type }) => type === 'run.resumed') + 1);
      const audit = process.findLast(
        (event) => event.type === 'audit.finished' && event.base === command.base,
      );
      expect(audit).toMatchObject({ shared: [] });
    });
  });

  it('ends for good where the barrier tripped: nothing is started, ticked, asked or resumed after it', () => {
    let trips = 0;
    fc.assert(
      fc.property(anyPlan, anyDice, (plan, numbers) => {
        const simulation = new Simulation(plan, dice(numbers));
        runToEnd(simulation);
        const at = simulation.events.findIndex(({ type }) => type === 'run.tripped');
        if (at === -1) return;
        trips++;
        expect(simulation.state.halt).toMatchObject({ kind: 'tripped' });
        expect(simulation.events.at(-1)).toMatchObject({ type: 'run.stopped', reason: 'tripped' });
        const begun = simulation.events
          .slice(at)
          .filter(({ type }) => /\.(started|editing|asked|paused)$/.test(type));
        expect(begun).toEqual([]);
        expect(openQuestions(simulation.state)).toEqual([]);
        simulation.crash();
        expect(simulation.state.halt).toMatchObject({ kind: 'tripped' });
        expect(next(simulation.state)).toMatchObject([{ do: 'stop', reason: 'tripped' }]);
      }),
      { numRuns: 500 },
    );
    expect(trips).toBeGreaterThan(20);
  });

  it('gives a stronger model to a unit that has failed often enough, and keeps it there', () => {
    let stronger = 0;
    always((command, before) => {
      if (command.do !== 'code') return;
      const { escalate } = before.plan;
      const { history } = recordOf(before, command.unit);
      const failed = Math.max(history.length, command.iteration - 1);
      const due = escalate !== undefined && failed >= escalate.after;
      expect(command.model).toBe(due ? 'strong' : undefined);
      if (due && command.iteration === 1) stronger++;
    });
    // Guidance starts a new count of iterations, not of failures.
    expect(stronger).toBeGreaterThan(0);
  });

  it('never has more agents at work than slots', () => {
    always((_, before) => {
      const busy = before.units.filter(
        ({ state, checks }) =>
          state.phase === 'coding' ||
          (state.phase === 'doubted' && state.asking) ||
          checks.kind === 'compiling',
      );
      expect(busy.length).toBeLessThanOrEqual(before.plan.slots);
    });
  });

  it('builds a sequential group strictly one by one', () => {
    always((command, before) => {
      if (command.do !== 'code') return;
      const group = before.plan.groups.find(({ units }) => units.includes(command.unit))!;
      if (group.mode === 'parallel') return;
      const others = unitsOf(before, group.number).map(({ state }) => state.phase);
      expect(others).not.toContain('coding');
      expect(others).not.toContain('coded');
      expect(command.base).toBe(before.head);
    });
  });

  it('starts no group before the earlier ones are through', () => {
    always((command, before) => {
      if (command.do !== 'start group') return;
      for (const group of before.plan.groups)
        if (group.number < command.group)
          for (const { state } of unitsOf(before, group.number))
            expect(['completed', 'skipped']).toContain(state.phase);
    });
  });

  it('lands one harvest at a time and codes nothing while it measures', () => {
    always((command, before) => {
      const phases = before.units.map(({ state }) => state);
      if (command.do === 'land')
        expect(phases.some((state) => state.phase === 'coded' && state.landing)).toBe(false);
      if (command.do === 'code')
        expect(phases.some(({ phase }) => ['evaluating', 'doubted'].includes(phase))).toBe(false);
    });
  });

  it('never rebuilds a unit that passed, unless the gate blamed it or a person said so', () => {
    always((command, _, { events }) => {
      if (command.do !== 'code') return;
      const mine = events.filter(
        (event) =>
          ('unit' in event && event.unit === command.unit) ||
          (event.type === 'decision.made' && event.subject === command.unit) ||
          (event.type === 'gate.finished' &&
            event.blamed.some((each) => each.unit === command.unit)),
      );
      const verdict = mine.findLast((event) => event.type === 'evaluation.finished');
      const passed = verdict?.scenarios.every(({ outcome }) => outcome === 'passed') ?? false;
      if (passed) expect(mine.at(-1)!.type).not.toBe('evaluation.finished');
    });
  });

  it('starts at most max_iterations code runs that cost one, per count', () => {
    always((command, before, { events }) => {
      if (command.do !== 'code') return;
      expect(command.iteration).toBeLessThanOrEqual(before.plan.maxIterations);
      const since = events.findLastIndex(
        (event) => event.type === 'decision.made' && event.decision.kind === 'retry',
      );
      const used = events
        .slice(since + 1)
        .filter(
          (event) =>
            (event.type === 'land.finished' || event.type === 'land.refused') &&
            event.unit === command.unit,
        );
      expect(used.length).toBeLessThan(before.plan.maxIterations);
    });
  });

  it('ticks a box only for a unit that is through the gate', () => {
    always((command, before) => {
      if (command.do !== 'edit manifest') return;
      for (const id of command.tick)
        expect(recordOf(before, id).state).toMatchObject({ phase: 'gate', cleared: true });
    });
  });

  it('says completed only when every unit is', () => {
    always((command, before) => {
      if (command.do !== 'finish' || command.status !== 'completed') return;
      for (const { state } of before.units) expect(state.phase).toBe('completed');
      expect(before.closing.gate).toBe('passed');
    });
  });
});
