import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  next,
  plannedUnit,
  openQuestions,
  replay,
  unitsOf,
  type Command,
  type RunState,
} from '../../src/domain/index.ts';
import { anyDice, anyPlan, dice, runToEnd, Simulation } from './simulation.ts';

/** Runs a simulation of every plan the generator thinks of, showing each command before it starts. */
function always(holds: (command: Command, before: RunState, simulation: Simulation) => void): void {
  fc.assert(
    fc.property(anyPlan, anyDice, (plan, numbers) => {
      const simulation = new Simulation(plan, dice(numbers));
      runToEnd(simulation, (command, before) => holds(command, before, simulation));
    }),
    { numRuns: 300 },
  );
}

const unit = (state: RunState, id: string) => state.units.find((record) => record.id === id)!;

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

  it('evaluates only landed code, with a healthy and current service when a check needs one', () => {
    let evaluations = 0;
    always((command, before, { events }) => {
      if (command.do !== 'evaluate') return;
      evaluations++;
      const { state } = unit(before, command.unit);
      expect(state.phase).toBe('landed');
      const outcome = events.findLast(
        (event) => event.type.startsWith('land.') && 'unit' in event && event.unit === command.unit,
      );
      expect(outcome?.type).toBe('land.finished');
      expect(command.commit).toBe(before.head);
      const needed =
        before.plan.service === 'possible' &&
        (before.plan.evaluation === 'report' || command.checks.some((check) => check.needsService));
      if (needed)
        expect(before.group!.service).toMatchObject({ kind: 'up', checked: true, stale: false });
    });
    expect(evaluations).toBeGreaterThan(100);
  });

  it('shows no sealed scenario to an evaluation, and passes no unit whose P0 failed', () => {
    let refused = 0;
    always((command, before) => {
      if (command.do === 'evaluate')
        expect(command.checks.map(({ scenario }) => scenario)).not.toContain('last');
      if (command.do !== 'gate' || !before.plan.requireP0) return;
      for (const id of command.units) {
        const musts = plannedUnit(before, id).scenarios.filter((each) => each.priority === 'P0');
        const failed = unit(before, id).scenarios.filter(({ outcome }) => outcome !== 'passed');
        for (const { name } of musts.filter(({ sealed }) => !sealed))
          expect(failed.map((each) => each.name)).not.toContain(name);
        if (failed.length > 0) refused++;
      }
    });
    expect(refused).toBeGreaterThan(0);
  });

  it('gives a stronger model to a unit that has failed often enough, and keeps it there', () => {
    let stronger = 0;
    always((command, before) => {
      if (command.do !== 'code') return;
      const { escalate } = before.plan;
      const { history } = unit(before, command.unit);
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
        expect(unit(before, id).state).toMatchObject({ phase: 'gate', cleared: true });
    });
  });

  it('says completed only when every unit is', () => {
    always((command, before) => {
      if (command.do !== 'finish' || command.status !== 'completed') return;
      for (const { state } of before.units) expect(state.phase).toBe('completed');
      expect(before.closing.gate).toBe('passed');
    });
  });

  it('goes through the gate once more after its last landing, then measures what is sealed, once', () => {
    let sealed = 0;
    always((command, before, { events }) => {
      if (command.do !== 'finish' || before.halt !== null) return;
      const last = events.findLastIndex(({ type }) => type === 'gate.finished');
      expect(events[last]).toMatchObject({ group: null });
      expect(events.slice(last).map(({ type }) => type)).not.toContain('land.finished');
      const measured = events.filter(({ type }) => type === 'sealed.finished');
      expect(measured.length).toBeLessThanOrEqual(1);
      sealed += measured.length;
    });
    expect(sealed).toBeGreaterThan(0);
  });

  it('lets violations be accepted by a person only, and gates again with them known', () => {
    let known = 0;
    always((command, _, { events }) => {
      if (command.do !== 'gate') return;
      const word = events.some(
        (event) => event.type === 'decision.made' && event.decision.kind === 'accept',
      );
      if (command.accepted.length > 0) known++;
      if (!word) expect(command.accepted).toEqual([]);
    });
    expect(known).toBeGreaterThan(0);
  });

  it('lands nothing while the gate looks, and lets it know of every landing that stands', () => {
    let backedOut = 0;
    always((command, before, { events }) => {
      if (command.do === 'land') expect(before.group?.gate).toBe('idle');
      if (command.do !== 'gate') return;
      const gone = new Set(
        events.flatMap((event) =>
          event.type === 'gate.finished' ? event.backedOut.flatMap(({ landings }) => landings) : [],
        ),
      );
      backedOut += gone.size;
      const landed = events.filter(({ type }) => type === 'land.finished');
      expect(command.landings).toHaveLength(landed.length);
      expect(command.landings.filter(({ undone }) => undone)).toHaveLength(gone.size);
      expect(command.commit).toBe(before.head);
      const proven = command.proofs.map(({ unit: id }) => id);
      for (const { id, done } of before.plan.units) if (done) expect(proven).toContain(id);
      for (const { at } of command.proofs)
        expect(at.landings).toBeLessThanOrEqual(command.landings.length);
    });
    expect(backedOut).toBeGreaterThan(0);
  });
});

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
      fc.property(
        anyPlan,
        anyDice,
        fc.array(fc.nat({ max: 30 }), { maxLength: 4 }),
        (plan, numbers, crashes) => {
          const simulation = new Simulation(plan, dice(numbers));
          for (const steps of crashes) {
            for (let left = steps; left > 0 && simulation.step(); left--);
            if (simulation.state.outcome === null) simulation.crash();
          }
          runToEnd(simulation);
          expect(replay(simulation.events)).toEqual(simulation.state);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('remembers an abort, whatever fails after it, and takes up nothing but its end', () => {
    let stopped = 0;
    fc.assert(
      fc.property(
        anyPlan,
        anyDice,
        fc.array(fc.nat({ max: 30 }), { maxLength: 4 }),
        (plan, numbers, crashes) => {
          const simulation = new Simulation(plan, dice(numbers));
          const watch = (command: Command) => {
            const aborted = simulation.events.findIndex(
              (event) => event.type === 'decision.made' && event.decision.kind === 'abort',
            );
            if (aborted === -1) return;
            if (command.do === 'stop') stopped++;
            expect(['edit manifest', 'finish', 'trip', 'stop']).toContain(command.do);
          };
          for (const steps of crashes) {
            for (let left = steps; left > 0 && simulation.step(watch); left--);
            if (simulation.state.outcome === null) simulation.crash();
          }
          runToEnd(simulation, watch);
        },
      ),
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
