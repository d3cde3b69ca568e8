import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  Command,
  EventOf,
  Plan,
  RunEvent,
  RunFact,
  RunState,
} from '../../src/domain/index.ts';
import { anyDice, dice } from './simulated/dice.ts';
import { anyPlan } from './simulated/plans.ts';
import { runToEnd, Simulation } from './simulation.ts';

/** Plans whose units have to go round. */
const stubbornPlan: fc.Arbitrary<Plan> = anyPlan.map((plan) => ({
  ...plan,
  threshold: 1,
  maxIterations: 4,
  infra: { retries: 3, backoffMs: 1 },
  groups: plan.groups.slice(0, 1),
  units: plan.units.filter(({ id }) => plan.groups[0]?.units.includes(id)),
}));

/** Numbers among which failures are common (2 fails a scenario), and mishaps are rare. */
const hardDice = fc.oneof(
  anyDice,
  fc.array(fc.constantFrom(0, 2, 2, 13, 1, 14), { maxLength: 200, size: 'max' }),
);

function stubborn(
  holds: (command: Command, before: RunState, simulation: Simulation) => void,
): void {
  fc.assert(
    fc.property(stubbornPlan, hardDice, (plan, numbers) => {
      const simulation = new Simulation(plan, dice(numbers));
      runToEnd(simulation, (command, before) => holds(command, before, simulation));
    }),
    { numRuns: 600 },
  );
}

const unit = (state: RunState, id: string) => state.units.find((record) => record.id === id)!;

describe('a second opinion', () => {
  type Measured = EventOf<'evaluation.finished'>;
  const measurements = (events: readonly RunFact[], id: string): readonly Measured[] =>
    events.filter(
      (event): event is RunEvent & Measured =>
        event.type === 'evaluation.finished' && event.unit === id,
    );
  const failed = (measured: Measured | undefined, name: string): boolean =>
    measured?.scenarios.some((each) => each.name === name && each.outcome === 'failed') ?? false;

  it('is asked only of what failed in two iterations running, with checks, and once per check', () => {
    let asked = 0;
    const made = new Set<string>();
    stubborn((command, before, { events }) => {
      if (command.do !== 'second opinion') return;
      asked++;
      expect(before.plan.evaluation).toBe('checks');
      expect(unit(before, command.unit).attempts).toBeGreaterThan(1);
      const runs = events.filter((event) => event.type === 'code.started').length;
      expect(runs).toBeGreaterThan(1);
      expect(command.doubts.length).toBeGreaterThan(0);
      const mine = measurements(events, command.unit);
      for (const { check, second } of command.doubts) {
        expect(failed(mine.at(-1), check.scenario)).toBe(true);
        expect(failed(mine.at(-2), check.scenario)).toBe(true);
        const earlier = events.filter(
          (event) => event.type === 'opinion.finished' && event.unit === command.unit,
        ) as EventOf<'opinion.finished'>[];
        const had = earlier.flatMap(({ opinions }) =>
          opinions.filter((each) => each.scenario === check.scenario && each.on === check.sha256),
        );
        if (had.length > 0) expect(second).toEqual(had.at(-1)!.check);
        if (second !== null) made.add(second.sha256);
      }
    });
    expect(asked).toBeGreaterThan(20);
    expect(made.size).toBeGreaterThan(0);
  });

  it('spends no iteration where checks disagree, and asks a person', () => {
    let disputes = 0;
    stubborn((_, before, { events }) => {
      const last = events.at(-1)!;
      if (last.type !== 'opinion.finished') return;
      const disputed = last.opinions.filter(({ result }) => result?.outcome === 'passed');
      const { state, scenarios } = unit(before, last.unit);
      if (disputed.length === 0) {
        if (state.phase === 'pending') expect(state.iteration).toBe(last.iteration + 1);
        else
          expect(state).toMatchObject({
            phase: 'escalated',
            question: { kind: expect.stringMatching(/^(exhausted|stalled)$/) },
          });
        return;
      }
      disputes++;
      expect(state).toMatchObject({
        phase: 'escalated',
        iteration: last.iteration,
        question: { kind: 'inconclusive' },
      });
      for (const { scenario } of disputed)
        expect(scenarios.find(({ name }) => name === scenario)?.outcome).toBe('inconclusive');
    });
    expect(disputes).toBeGreaterThan(0);
  });

  it('comes before every further iteration of what failed twice by the same check', () => {
    stubborn((command, before, { events }) => {
      if (command.do !== 'code' || before.plan.evaluation === 'report') return;
      const { failing, opinions, attempts } = unit(before, command.unit);
      const since = events.findLastIndex(
        (event) => event.type === 'evaluation.finished' && event.unit === command.unit,
      );
      const later = events.slice(since).map(({ type }) => type);
      // What was sent back for another reason (a person, the gate, a service) was not in doubt.
      if (later.some((type) => !/^(evaluation|opinion|audit)\./.test(type))) return;
      for (const { scenario, check, since: first } of failing)
        if (first < attempts && check !== 'own')
          expect(opinions).toContainEqual(expect.objectContaining({ scenario, on: check }));
    });
  });

  it('is asked of no check that a person wrote, which judges until another one takes its place', () => {
    let judged = 0;
    stubborn((command, _, { events }) => {
      if (command.do !== 'second opinion' && command.do !== 'evaluate') return;
      const mine = events.findLastIndex(
        (event) =>
          event.type === 'decision.made' &&
          event.subject === command.unit &&
          event.decision.kind === 'freeze',
      );
      const compiled = events.findLastIndex(
        (event) => event.type === 'checks.finished' && event.unit === command.unit,
      );
      if (mine <= compiled) return;
      judged++;
      if (command.do === 'second opinion')
        expect(command.doubts.map((doubt) => doubt.check.sha256)).not.toContain('own');
      else expect(command.checks.map(({ sha256 }) => sha256)).toContain('own');
    });
    expect(judged).toBeGreaterThan(0);
  });
});
