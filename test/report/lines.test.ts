import { describe, expect, it } from 'vitest';
import type { RunFact } from '../../src/domain/index.ts';
import { RunEvent, unitId } from '../../src/domain/index.ts';
import { eventSchema, multiplex, ndjsonReporter, plainReporter } from '../../src/report/index.ts';
import { coded, evaluated, firstGroup, gated, journal, plan, started } from './rig.ts';

/** What the plain reporter says of the last `facts`, after those before. */
function told(facts: readonly RunFact[], past: readonly RunFact[] = []): string {
  let text = '';
  const all = journal([...past, ...facts]);
  const publisher = multiplex(
    [
      plainReporter(
        (part) => (text += part),
        () => ({ runDir: '.factory/runs/x/r1', elapsedMs: 3_723_000 }),
      ),
    ],
    (_, error) => {
      throw error;
    },
    all.slice(0, past.length),
  );
  for (const event of all.slice(past.length)) publisher.publish(event);
  publisher.close();
  return text;
}

describe('plain lines', () => {
  it('tell a group from discovery to summary', () => {
    expect(told(firstGroup)).toBe(`001-bookshelf: A bookshelf service
3 units in 2 groups, 4 scenarios, 90% needed, at most 3 iterations each
branch factory/001-bookshelf from 0123456789
group 1 (parallel): shelf, search
shelf: coding, iteration 1 of 3
shelf: landed 2 files as landed-she
search: coding, iteration 1 of 3
search: landed 2 files as landed-sea
shelf: satisfaction 50% of 90% (1 passed, 1 failed, 0 inconclusive) → retry, iteration 2 of 3
    failed: delete-book
    symptom: GET /health: returned status 404
search: satisfaction 100% of 90% (1 passed, 0 failed, 0 inconclusive) → passed
shelf: coding, iteration 2 of 3
shelf: landed 2 files as landed-she
shelf: satisfaction 100% of 90% (2 passed, 0 failed, 0 inconclusive) → passed
Gate: verify passed (tests: 42 passed, 0 failed), regression passed (nothing run again)
shelf: completed, its box is ticked
search: completed, its box is ticked

## Group 1 (parallel): 2 of 2 units completed

| unit   | decision  | satisfaction                   | scenarios                          | iterations | files changed | cost  |
| ------ | --------- | ------------------------------ | ---------------------------------- | ---------- | ------------- | ----- |
| shelf  | completed | 2 of 2 scenarios (100% of 90%) | 2 passed, 0 failed, 0 inconclusive | 2 of 3     | 4             | $0.35 |
| search | completed | 1 of 1 scenarios (100% of 90%) | 1 passed, 0 failed, 0 inconclusive | 1 of 3     | 2             | $0.10 |

Gate: verify passed (tests: 42 passed, 0 failed), regression passed (nothing run again)
Cost: $0.45

`);
  });

  it('tell how a run completed and what comes next', () => {
    const rest: RunFact[] = [
      { type: 'group.started', group: 2 },
      ...coded('api', { costUsd: null }),
      ...evaluated('api', 1, { health: 'passed' }),
      ...gated(2, ['api']),
      { type: 'group.finished', group: 2 },
    ];
    expect(told([{ type: 'run.finished', status: 'completed' }], [...firstGroup, ...rest])).toBe(`
# 001-bookshelf: completed

A bookshelf service: 3 of 3 units completed

| unit   | decision  | satisfaction                   | scenarios                          | iterations | files changed | cost    |
| ------ | --------- | ------------------------------ | ---------------------------------- | ---------- | ------------- | ------- |
| shelf  | completed | 2 of 2 scenarios (100% of 90%) | 2 passed, 0 failed, 0 inconclusive | 2 of 3     | 4             | $0.35   |
| search | completed | 1 of 1 scenarios (100% of 90%) | 1 passed, 0 failed, 0 inconclusive | 1 of 3     | 2             | $0.10   |
| api    | completed | 1 of 1 scenarios (100% of 90%) | 1 passed, 0 failed, 0 inconclusive | 1 of 3     | 2             | unknown |

Gate: verify passed (tests: 42 passed, 0 failed), regression passed (nothing run again)
Cost: $0.45 + unknown (1 run)
Elapsed: 1:02:03
Pace: wall 0:37, critical path 0:00, lower bound 0:00, 2 slots used to 0%
Branch: factory/001-bookshelf
Run folder: .factory/runs/x/r1

Next step:
- implement-factory finish 001-bookshelf --merge | --pr | --leave
`);
  });

  it('tell what fits after a run that failed, what goes on with it first', () => {
    const past: RunFact[] = [...firstGroup, { type: 'group.started', group: 2 }];
    const end: RunFact = { type: 'run.finished', status: 'failed' };
    const nextOf = (text: string) =>
      text.slice(text.indexOf('Next step:')).split('\n').slice(1, -1);
    const finish = 'implement-factory finish 001-bookshelf --merge | --pr | --leave';
    const short = told([end], past);
    expect(short).toContain('# 001-bookshelf: failed, 1 unit not completed');
    expect(nextOf(short)).toEqual([
      '- implement-factory run 001-bookshelf (takes up the open units anew)',
      `- ${finish} (as it is: 1 of 3 units not completed)`,
    ]);
    const ticked = told(
      [end],
      [
        ...past,
        ...coded('api'),
        ...evaluated('api', 1, { health: 'passed' }),
        ...gated(2, ['api']),
      ],
    );
    expect(ticked).toContain('# 001-bookshelf: failed by the gate at its end');
    expect(nextOf(ticked)).toEqual([
      '- implement-factory run 001-bookshelf (goes through the gate at the end again)',
      `- ${finish}`,
    ]);
  });

  it('tell what a paused run waits for, with the commands that answer', () => {
    const past = [
      ...firstGroup,
      { type: 'group.started', group: 2 } as const,
      ...coded('api'),
      ...evaluated('api', 1, { health: 'inconclusive' }),
    ];
    const text = told([{ type: 'run.paused' }], past);
    expect(text).toContain('# 001-bookshelf: waiting for 1 decision\n');
    expect(text).toContain('| api    | escalated | 0 of 1 scenarios (0% of 90%)   |');
    expect(text.slice(text.indexOf('? api')))
      .toBe(`? api: 1 of 1 scenarios have no trustworthy check (0 passed)

    implement-factory decide 001-bookshelf api --recheck health
    implement-factory decide 001-bookshelf api --retry "<guidance>"
    implement-factory decide 001-bookshelf api --skip
    implement-factory decide 001-bookshelf api --abort

Next step:
- answer with one of the commands above, then
- implement-factory run 001-bookshelf (goes on where it stopped)
`);
  });

  it('tell a service that cannot be served, and whom that sends back', () => {
    const past = [started(), { type: 'group.started', group: 1 } as const, ...coded('shelf')];
    const failed: RunFact = {
      type: 'service.failed',
      group: 1,
      symptom: 'service: exited with code 1',
      detail: 'npm start exited with code 1: boom',
      log: null,
    };
    expect(told([{ type: 'service.started', group: 1, action: 'start' }, failed], past))
      .toBe(`service: starting
service: npm start exited with code 1: boom
    symptom: service: exited with code 1
shelf: cannot be served → retry, iteration 2 of 3
`);
  });

  it('count retries of infrastructure and let no outside text move the cursor', () => {
    const past = [started(), { type: 'group.started', group: 1 } as const];
    const fail: RunFact = {
      type: 'infra.failed',
      operation: 'service',
      detail: '\u001B[2Jport\r\ntaken\u202E',
    };
    expect(told([fail, fail, fail], past))
      .toBe(`service failed outside the product: port taken (retry 1 of 2, at no iteration)
service failed outside the product: port taken (retry 2 of 2, at no iteration)
service failed outside the product: port taken (no retry is left)
`);
  });

  it('tell an infrastructure stop as a paused summary', () => {
    const fail: RunFact = { type: 'infra.failed', operation: 'gate', detail: 'disk full' };
    const past = [
      started({ infra: { retries: 0, backoffMs: 1 } }),
      { type: 'group.started', group: 1 } as const,
      fail,
    ];
    const text = told([{ type: 'run.stopped', reason: 'infra', detail: 'disk full' }], past);
    expect(text).toContain('stopped (infrastructure): disk full\n');
    expect(text).toContain('# 001-bookshelf: stopped, resumable\n\nReason: disk full\n');
  });

  it('quote scenario names in commands, and only those that need it', () => {
    const scenarios = [{ name: "it's here", priority: 'P1' as const, sealed: false }];
    const units = plan().units.map((unit) => (unit.id === 'api' ? { ...unit, scenarios } : unit));
    const facts = [
      started({ units }),
      ...firstGroup.slice(1),
      { type: 'group.started', group: 2 } as const,
    ];
    const asked: RunFact[] = [
      ...coded('api'),
      ...evaluated('api', 1, { "it's here": 'inconclusive' }),
      {
        type: 'question.asked',
        question: { subject: unitId('api'), kind: 'inconclusive', detail: 'd' },
      },
    ];
    expect(told(asked, facts)).toContain(String.raw`--recheck 'it'\''s here'`);
  });
});

describe('reporters', () => {
  it('go on when one of them breaks, which is told once', () => {
    const errors: string[] = [];
    let lines = '';
    const broken = {
      name: 'broken',
      report() {
        throw new Error('boom');
      },
      close() {
        throw new Error('boom again');
      },
    };
    const publisher = multiplex(
      [broken, ndjsonReporter((line) => (lines += line))],
      (name, error) => errors.push(`${name}: ${(error as Error).message}`),
    );
    const events = journal(firstGroup);
    for (const event of events) publisher.publish(event);
    publisher.close();
    publisher.close();
    expect(errors).toEqual(['broken: boom', 'broken: boom again']);
    expect(
      lines
        .trimEnd()
        .split('\n')
        .map((line) => RunEvent.parse(JSON.parse(line))),
    ).toEqual(events);
  });

  it('publish a schema that says what an event looks like and lets later fields pass', async () => {
    await expect(`${JSON.stringify(eventSchema(), null, 2)}\n`).toMatchFileSnapshot(
      '../../docs/event.schema.json',
    );
    const text = JSON.stringify(eventSchema());
    for (const type of ['run.started', 'evaluation.finished', 'infra.failed'])
      expect(text).toContain(`"const":"${type}"`);
    expect(text).toContain('"seq"');
    // An intersection whose halves forbid each other's fields would match no event at all.
    expect(text).not.toContain('"additionalProperties":false');
  });
});
