import { PassThrough } from 'node:stream';
import stringWidth from 'string-width';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createLiveReporter,
  courseOf,
  explainPlan,
  liveView,
  multiplex,
  statusJson,
  StatusJson,
  statusText,
  unitText,
  unstarted,
} from '../../src/report/index.ts';
import { unitId, type EventOf, type RunFact } from '../../src/domain/index.ts';
import { groupSummary } from '../../src/report/summary.ts';
import {
  coded,
  evaluated,
  firstGroup,
  journal,
  plan,
  started,
  stateOf,
  unit,
  viewOf,
} from './rig.ts';

const escalated = [
  ...firstGroup,
  { type: 'group.started', group: 2 } as const,
  ...coded('api', { costUsd: null }),
  ...evaluated('api', 1, { health: 'inconclusive' }),
];

const unmeasured = { priority: 'P1', sealed: false, attempts: null, flaky: false };
const solid = { attempts: { passed: 3, total: 3 }, flaky: false };

describe('status', () => {
  it('is the contract as JSON', () => {
    const json = StatusJson.parse(statusJson(viewOf(escalated)));
    expect(json).toMatchObject({
      spec: '001-bookshelf',
      title: 'A bookshelf service',
      status: 'in_progress',
      threshold: 0.9,
      maxIterations: 3,
      branch: 'factory/001-bookshelf',
      group: 2,
      question: { subject: 'api', kind: 'inconclusive' },
    });
    expect(
      json.units.map(({ id, status, iteration, satisfaction, costUsd }) => [
        id,
        status,
        iteration,
        satisfaction,
        costUsd,
      ]),
    ).toEqual([
      ['shelf', 'completed', 2, 1, 0.35],
      ['search', 'completed', 1, 1, 0.1],
      ['api', 'escalated', 1, 0, null],
    ]);
    expect(json.units[0]?.scenarios).toEqual([
      { name: 'add-book', outcome: 'passed', priority: 'P1', sealed: false, ...solid },
      { name: 'delete-book', outcome: 'passed', priority: 'P1', sealed: false, ...solid },
    ]);
  });

  it('of a spec that was never run has no branch, no iteration, no measurement', () => {
    const json = StatusJson.parse(statusJson(unstarted(plan())));
    expect(json).toMatchObject({ status: 'pending', branch: null, group: null, question: null });
    expect(json.units[0]).toEqual({
      id: 'shelf',
      title: 'Shelf',
      status: 'pending',
      iteration: 0,
      satisfaction: null,
      scenarios: [
        { name: 'add-book', outcome: null, ...unmeasured },
        { name: 'delete-book', outcome: null, ...unmeasured },
      ],
      sealed: null,
      symptoms: [],
      costUsd: 0,
    });
  });

  it('is a table for people', () => {
    expect(statusText(viewOf(escalated), { working: null, columns: 100 }))
      .toBe(`001-bookshelf: A bookshelf service
in_progress · 90% needed · at most 3 iterations · branch factory/001-bookshelf · group 2 of 2
nothing runs: the last run was interrupted; go on with: implement-factory run 001-bookshelf

unit    status     iteration  satisfaction  scenarios                 cost     title
shelf   completed  2 of 3     100%          2 passed                  $0.35    Shelf
search  completed  1 of 3     100%          1 passed                  $0.10    本棚を検索
api     escalated  1 of 3     0%            0 passed, 1 inconclusive  unknown  HTTP | API

cost $0.45 + unknown (1 run) · 0:31 between first and last event

? api: 1 of 1 scenarios have no trustworthy check (0 passed)
    implement-factory decide 001-bookshelf api --recheck health
    implement-factory decide 001-bookshelf api --retry "<guidance>"
    implement-factory decide 001-bookshelf api --skip
    implement-factory decide 001-bookshelf api --abort
`);
  });

  it('says when a process is at work', () => {
    const text = statusText(viewOf(firstGroup), { working: { pid: 7, host: 'box' }, columns: 100 });
    expect(text).toContain('a run is at work: process 7 on box');
  });

  it('aligns wide characters and cuts to the terminal', () => {
    const units = [unit('短い', '一', ['s']), unit('longer-name', 'two', ['s'])];
    const groups = [{ number: 1, mode: 'parallel' as const, units: units.map(({ id }) => id) }];
    const lines = statusText(unstarted(plan({ units, groups })), {
      working: null,
      columns: 40,
    }).split('\n');
    const rows = lines.filter((line) => /^(短い|longer-name)/u.test(line));
    expect(rows.map((row) => stringWidth(row.slice(0, row.indexOf('pending'))))).toEqual([13, 13]);
    expect(rows.every((row) => stringWidth(row) <= 40)).toBe(true);
    expect(rows[0]?.endsWith('…')).toBe(true);
  });
});

describe('the table of units', () => {
  it('is a list where a table would be wider than the terminal', () => {
    const view = viewOf(firstGroup);
    const wide = groupSummary(view, 1, { columns: 200 });
    expect(wide).toBe(groupSummary(view, 1));
    expect(wide).toContain('| shelf  | completed |');
    const narrow = groupSummary(view, 1, { columns: 80 });
    expect(narrow).toContain(`
- shelf: completed
  2 of 2 scenarios (100% of 90%)
  2 passed, 0 failed, 0 inconclusive
  iterations 2 of 3, files changed 4, cost $0.35
- search: completed
`);
    for (const line of narrow.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(100);
  });

  it('knows nothing of a unit that an earlier run completed', () => {
    const units = plan().units.map((each) => ({ ...each, done: each.id === 'shelf' }));
    const view = viewOf([started({ units }), { type: 'group.started', group: 1 }]);
    expect(groupSummary(view, 1)).toMatch(
      /^\| shelf  \| completed in an earlier run \| – +\| – +\| – +\| – +\| – +\|$/m,
    );
    const narrow = groupSummary(view, 1, { columns: 80 });
    expect(narrow).toContain('- shelf: completed in an earlier run\n- search: not started\n');
  });
});

describe('the live view', () => {
  const screen = { columns: 80, rows: 10, elapsedMs: 62_000, color: false };

  it('shows who is at work first', () => {
    const state = stateOf([...firstGroup.slice(0, 6), ...coded('search').slice(0, 1)]);
    expect(liveView(state, screen)).toEqual([
      '001-bookshelf · A bookshelf service',
      '1:02 · 0 of 3 completed · cost $0.10 · group 1 of 2',
      '● search  coding      1/3          本棚を検索',
      '○ shelf   landed      1/3          Shelf',
      '· api     pending                  HTTP | API',
    ]);
  });

  it('says how many it does not show', () => {
    const frame = liveView(stateOf(escalated), { ...screen, rows: 1 });
    expect(frame.slice(2)).toEqual(['? api  escalated   1/3    0%    HTTP | API', '  +2 more']);
  });

  it.each([1, 5, 20, 40, 81])('fits %i columns, wide characters included', (columns) => {
    for (const color of [false, true]) {
      const frame = liveView(stateOf(escalated), { ...screen, columns, color });
      for (const line of frame) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  it('has colour only when asked', () => {
    const state = stateOf(escalated);
    expect(liveView(state, screen).join('')).not.toContain('\u001B');
    expect(liveView(state, { ...screen, color: true }).join('')).toContain('\u001B');
  });

  it('stays one screen with 1,000 units', () => {
    const units = Array.from({ length: 1000 }, (_, at) => unit(`u${String(at)}`, 'x', ['s']));
    const groups = [{ number: 1, mode: 'parallel' as const, units: units.map(({ id }) => id) }];
    const frame = liveView(
      stateOf([
        started({ units, groups }),
        { type: 'group.started', group: 1 },
        ...coded('u999').slice(0, 1),
      ]),
      {
        ...screen,
        rows: 20,
      },
    );
    expect(frame).toHaveLength(23);
    expect(frame[2]).toContain('u999');
    expect(frame.at(-1)).toBe('  +980 more');
  });
});

describe('the live reporter', () => {
  const hide = '\u001B[?25l';
  const show = '\u001B[?25h';

  function terminal(clock = { ms: 0 }) {
    const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), {
      columns: 80,
      rows: 24,
      isTTY: true,
    });
    const reporter = createLiveReporter({
      stream: stream as unknown as NodeJS.WriteStream,
      now: () => clock.ms,
      interval: 60_000,
      color: false,
    });
    onTestFinished(() => reporter.close());
    const publisher = multiplex([reporter], (_, error) => {
      throw error;
    });
    return { reporter, publisher, stream, written: () => String(stream.read() ?? '') };
  }

  it('keeps lines above the frame and gives the cursor back', () => {
    const { publisher, written } = terminal();
    for (const event of journal(firstGroup.slice(0, 12))) publisher.publish(event);
    const during = written();
    expect(during).toContain(hide);
    expect(during).toContain('group 1 (parallel): shelf, search\n');
    expect(during).toContain('shelf: satisfaction 50%');
    expect(during.indexOf('shelf: satisfaction 50%')).toBeLessThan(during.lastIndexOf('○ search'));
    publisher.close();
    expect(written().endsWith(show)).toBe(true);
  });

  it('counts down while the agents of a provider wait for its limit', () => {
    const clock = { ms: 0 };
    const { reporter, publisher, written } = terminal(clock);
    const limited = {
      agent: 'claude:opus',
      outcome: 'api_error',
      limited: { until: null },
    } as const;
    const usage = { costUsd: null, inputTokens: null, outputTokens: null };
    const until = new Date(Date.parse(journal(firstGroup)[5]!.at) + 90_000).toISOString();
    const events = journal([
      ...firstGroup.slice(0, 4),
      {
        type: 'infra.failed',
        operation: 'delivery',
        detail: 'refused',
        agent: { ...limited, usage, ms: 1, transcript: 't' },
      },
      { type: 'limit.waiting', provider: 'claude', until },
      { type: 'limit.lifted', provider: 'claude' },
    ]);
    for (const event of events.slice(0, -1)) publisher.publish(event);
    expect(written()).toContain('claude: its agents wait, 1:30 to go');
    const waiting = statusText(viewOf(events.slice(0, -1)), {
      working: { pid: 1, host: 'h' },
      columns: 80,
    });
    expect(waiting).toContain(`claude: its agents wait until ${until}`);
    clock.ms = 29_000;
    reporter.resume();
    expect(written()).toContain('claude: its agents wait, 1:01 to go');
    publisher.publish(events.at(-1)!);
    expect(written()).not.toContain('to go');
    expect(
      statusText(viewOf(events), { working: { pid: 1, host: 'h' }, columns: 80 }),
    ).not.toContain('wait until');
  });

  it('takes its broken lines away when the terminal was made narrower', () => {
    const { publisher, written, stream } = terminal();
    const events = journal(firstGroup);
    for (const event of events.slice(0, 3)) publisher.publish(event);
    written();
    stream.columns = 30;
    for (const event of events.slice(3, 4)) publisher.publish(event);
    // Five lines of up to 60 columns are more than five rows now; all of them go, and what is below.
    const rows = /\[(\d+)A/.exec(written())?.[1];
    expect(Number(rows)).toBeGreaterThan(5);
  });

  it('leaves the terminal to a prompt while it is paused', () => {
    const { reporter, publisher, written } = terminal();
    const events = journal(firstGroup);
    for (const event of events.slice(0, 3)) publisher.publish(event);
    reporter.pause();
    expect(written().endsWith(show)).toBe(true);
    for (const event of events.slice(3, 5)) publisher.publish(event);
    expect(written()).not.toContain('· 0 of 3 completed');
    reporter.resume();
    expect(written()).toContain('· 0 of 3 completed');
  });

  it('ends with the summary and no frame below it', () => {
    const { publisher, written } = terminal();
    publisher.publish(journal([started()])[0]!);
    written();
    publisher.publish({
      seq: 2,
      at: '2026-01-01T00:00:01.000Z',
      run: 'r1',
      type: 'run.finished',
      status: 'failed',
    });
    publisher.close();
    const text = written();
    expect(text).toContain('# 001-bookshelf: failed, 3 units not completed');
    expect(text).not.toContain('0 of 3 completed · cost');
  });
});

it('explain tells what happened where no check could measure', () => {
  const api = unitId('api');
  const [began, ...rest] = coded('api', { attempt: 2 });
  const facts: RunFact[] = [
    ...firstGroup,
    { type: 'group.started', group: 2 },
    { ...(began as EventOf<'code.started'>), attempt: 1 },
    { type: 'infra.failed', operation: 'code', unit: api, detail: 'exit 7 (transcript: t/1)' },
    began!,
    ...rest.map((fact) => (fact.type === 'code.finished' ? { ...fact, files: 0 } : fact)),
    { type: 'service.started', group: 2, action: 'start' },
    {
      type: 'service.failed',
      group: 2,
      symptom: 'the service exited',
      detail: '`npm start` exited with code 3',
      log: 'service/2.log',
    },
  ];
  const events = journal(facts);
  expect(courseOf(api, events).map(({ iteration, what }) => [iteration, what])).toEqual([
    [1, 'code failed outside the product, at no iteration: exit 7 (transcript: t/1)'],
    [1, 'the agent changed nothing'],
    [1, expect.stringMatching(/^landed as /)],
    [1, 'not served: `npm start` exited with code 3'],
  ]);
  const of = { unit: api, state: stateOf(facts), events, evidence: new Map(), bitsOfLine: 1 };
  expect(unitText({ ...of, runFolder: '/p/.factory/runs/1' }))
    .toContain(`run folder: /p/.factory/runs/1

iteration 1
  code failed outside the product, at no iteration: exit 7 (transcript: t/1)
  the agent changed nothing
    transcript: t
  landed as landed-api
  not served: \`npm start\` exited with code 3
    symptom: the service exited
    log: service/2.log

health (P1)
  no check was compiled yet
`);
});

describe('a dry run', () => {
  it('explains the plan', () => {
    const done = plan().units.map((each) =>
      each.id === unitId('shelf') ? { ...each, done: true } : each,
    );
    expect(
      explainPlan(plan({ units: done }), {
        branch: 'factory/001-bookshelf',
        agents: { code: 'claude', evaluation: 'scripted (no model is called)' },
        service: 'npm start (package.json)',
        agentWallMs: 1_800_000,
      }),
    ).toBe(`001-bookshelf: A bookshelf service
3 units in 2 groups, 1 unit completed already
90% of a unit's scenarios must pass, at most 3 iterations each

Group 1 (parallel: units are coded side by side)
  [x] shelf: Shelf (2 scenarios)
  [ ] search: 本棚を検索 (1 scenario)

Group 2 (sequential: one unit after the other)
  [ ] api: HTTP | API (1 scenario, after shelf, search)

run branch   factory/001-bookshelf
code agent   claude, at most 2 at once, 30:00 each
evaluation   scripted (no model is called) (compiles scenarios to checks, once; the runtime executes them)
service      npm start (package.json)
agent calls  2 code runs at least, 6 at most; 2 calls of the check author at least

Dry run: nothing was started and nothing was written.
`);
  });
});
