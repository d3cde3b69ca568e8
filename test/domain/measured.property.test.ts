import { describe, expect, it } from 'vitest';
import { plannedUnit } from '../../src/domain/index.ts';
import { always, recordOf } from './always.ts';

describe('whatever is measured', () => {
  it('evaluates only landed code, with a healthy and current service when a check needs one', () => {
    let evaluations = 0;
    always((command, before, { events }) => {
      if (command.do !== 'evaluate') return;
      evaluations++;
      const { state } = recordOf(before, command.unit);
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
        const failed = recordOf(before, id).scenarios.filter(({ outcome }) => outcome !== 'passed');
        for (const { name } of musts.filter(({ sealed }) => !sealed))
          expect(failed.map((each) => each.name)).not.toContain(name);
        if (failed.length > 0) refused++;
      }
    });
    expect(refused).toBeGreaterThan(0);
  });
});

describe('the gate', () => {
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
