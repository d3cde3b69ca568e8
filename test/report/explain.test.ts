import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { courseOf, explainPlan, unitText } from '../../src/report/index.ts';
import { unitId, type EventOf, type RunFact } from '../../src/domain/index.ts';
import { groupSummary } from '../../src/report/summary.ts';
import { coded, firstGroup, journal, plan, started, stateOf, viewOf } from './rig.ts';

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
