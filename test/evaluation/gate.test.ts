import { expect, test } from 'vitest';
import {
  ok,
  unitId,
  type GateTask,
  type Landed,
  type ScenarioOutcome,
  type Violation,
} from '../../src/domain/index.ts';
import { createGate, type GateGround } from '../../src/evaluation/index.ts';

const [api, shelf] = [unitId('api'), unitId('shelf')];
const signal = new AbortController().signal;

const landing = (unit: typeof api, commit: string): Landed => ({ unit, commit, undone: false });

const check = {
  scenario: 'reads',
  file: 'checks/shelf/reads.mjs',
  sha256: 'h',
  origin: 'author' as const,
  needsService: false,
};

const task = (change: Partial<GateTask> = {}): GateTask => ({
  group: 1,
  units: [api, shelf],
  completed: [],
  commit: 'c2',
  proven: { commit: 'c0', landings: 0 },
  landings: [landing(shelf, 'c1'), landing(api, 'c2')],
  proofs: [],
  accepted: [],
  ...change,
});

/** A place where verify passes, every check passes, and there is no law. */
const ground = (change: Partial<GateGround> = {}): GateGround => ({
  verify: null,
  aside: checksThat(() => 'passed'),
  repeatable: true,
  sameProduct: (one, other) => Promise.resolve(one.slice(0, 2) === other.slice(0, 2)),
  backOut: () => Promise.resolve(ok({ kind: 'entangled', paths: ['a.js'] })),
  symptoms: (_, seen) => seen.map(({ kind }) => kind),
  constitution: null,
  left: () => Promise.resolve({ ok: true, value: [] }),
  lawSymptom: ({ file, line }) => `${file}:${line}`,
  ...change,
});

const checksThat =
  (judge: (commit: string) => ScenarioOutcome): GateGround['aside'] =>
  ({ commit, units }) =>
    Promise.resolve(
      ok(
        units.flatMap(({ unit, checks }) =>
          checks.map((each) => ({
            unit,
            check: each,
            result: { name: each.scenario, outcome: judge(commit), attempts: [] },
            culprits: [],
          })),
        ),
      ),
    );

/** Tests that fail where it is said, as often as it is said. */
function verifyThat(fails: (commit: string, time: number) => boolean): GateGround['verify'] {
  const times = new Map<string, number>();
  return (commit) => {
    const time = (times.get(commit) ?? 0) + 1;
    times.set(commit, time);
    const failed = fails(commit, time);
    return Promise.resolve(
      ok({
        step: { name: 'verify', outcome: failed ? 'failed' : 'passed', detail: 'ran' },
        seen: failed ? { kind: 'verify', outcome: 'failed', code: 1 } : null,
      }),
    );
  };
}

async function gate(on: GateGround, about: GateTask) {
  const report = await createGate(on).run(about, signal);
  if (!report.ok) throw new Error(report.error.detail);
  return report.value;
}

test('tests that fail once and then pass take nobody out, and are told', async () => {
  const report = await gate(ground({ verify: verifyThat((_, time) => time === 1) }), task());
  expect(report).toMatchObject({ through: true, proven: true, blamed: [], backedOut: [] });
  expect(report.steps[0]).toMatchObject({
    outcome: 'passed',
    notes: [expect.stringContaining('flaky')],
  });
});

test('work that cannot be taken out alone is blamed, and nobody is complete before it is repaired', async () => {
  const verify = verifyThat((commit) => commit !== 'c0');
  const report = await gate(ground({ verify }), task());
  expect(report.blamed).toEqual([{ unit: shelf, symptom: 'verify' }]);
  expect(report).toMatchObject({ through: false, proven: false, backedOut: [], commit: 'c2' });
  expect(report.steps.map(({ outcome }) => outcome)).toEqual(['failed', 'skipped', 'skipped']);
});

test('one landing after the other is taken out until the tests pass', async () => {
  const gone: string[] = [];
  const on = ground({
    verify: verifyThat((commit) => !['c0', 'c4'].includes(commit)),
    backOut: (unit, landings) => {
      gone.push(`${unit} ${landings.join()}`);
      return Promise.resolve(ok({ kind: 'done', commit: `c${2 + gone.length}`, work: 'w' }));
    },
  });
  const report = await gate(on, task());
  // What landed later is, without the first, on the commit that took it out.
  expect(gone).toEqual(['shelf c1', 'api c3']);
  expect(report).toMatchObject({ commit: 'c4', proven: true, through: true });
  expect(report.blamed.map(({ unit }) => unit)).toEqual([shelf, api]);
});

test('tests that failed before the first landing are everybody’s', async () => {
  const report = await gate(ground({ verify: verifyThat(() => true) }), task());
  expect(report.blamed.map(({ unit }) => unit)).toEqual([api, shelf]);
  expect(report.steps[0]?.detail).toContain('failed before this run too');
});

const proofs = [{ unit: shelf, at: { commit: 'c1', landings: 1 }, checks: [check] }];

test('the landing since which a check fails is blamed; the unit it breaks waits', async () => {
  const on = ground({ aside: checksThat((commit) => (commit === 'c1' ? 'passed' : 'failed')) });
  const report = await gate(on, task({ proofs }));
  expect(report.blamed[0]?.unit).toBe(api);
  expect(report.waiting).toEqual([shelf]);
});

test('a check that fails where it once passed is in doubt: nobody is blamed, and it is not through', async () => {
  const report = await gate(ground({ aside: checksThat(() => 'failed') }), task({ proofs }));
  expect(report).toMatchObject({ blamed: [], through: false });
  expect(report.steps[1]?.detail).toContain('its check is in doubt');
});

test('a check that failed when the run began is the fault of the unit whose earlier work broke it, if it is one that is built anew', async () => {
  const inherited = [{ unit: shelf, at: { commit: 'c0', landings: 0 }, checks: [check] }];
  const broken = (commit: string) => (commit === 'a0' ? 'passed' : 'failed');
  const left = [
    { unit: shelf, parent: '00', commit: 'a0' },
    { unit: api, parent: 'a0', commit: 'a1' },
  ];
  const on = ground({ aside: checksThat(broken), left: () => Promise.resolve(ok(left)) });
  const regression = (report: Awaited<ReturnType<typeof gate>>) => report.steps[1];
  const here = await gate(on, task({ units: [api], proofs: inherited }));
  expect(here.blamed).toMatchObject([{ unit: api }]);
  const later = await gate(on, task({ units: [], proofs: inherited }));
  expect(later).toMatchObject({ blamed: [], through: true });
  expect(regression(later)?.notes).toEqual([expect.stringContaining('by the work of api')]);
  const end = await gate(on, task({ group: null, units: [], proofs: inherited }));
  expect([end.through, regression(end)?.detail]).toEqual([
    false,
    'shelf: reads passes no more, since the work of api in an earlier run',
  ]);
  const nobodys = await gate(ground({ aside: checksThat(broken) }), task({ proofs: inherited }));
  expect(nobodys).toMatchObject({ blamed: [], through: true });
  expect(regression(nobodys)?.notes).toEqual(['shelf: reads fails, and did when this run began']);
});

test('a check that cannot say blames nobody', async () => {
  const report = await gate(ground({ aside: checksThat(() => 'inconclusive') }), task({ proofs }));
  expect(report).toMatchObject({ blamed: [], through: true });
});

const violation = (change: Partial<Violation>): Violation => ({
  id: 'v',
  rule: 'r',
  level: 'L1',
  message: 'm',
  file: 'a.js',
  line: 3,
  unit: api,
  ...change,
});

const law =
  (violations: readonly Violation[]): GateGround['constitution'] =>
  () =>
    Promise.resolve(ok({ violations, rules: 1, agents: [], notes: [] }));

test.each<[string, Partial<Violation>, Partial<GateTask>, object]>([
  ['L1 sends back', {}, {}, { blamed: [{ unit: api, symptom: 'a.js:3' }], through: true }],
  ['L2 asks', { level: 'L2' }, {}, { escalated: [{ unit: api, kind: 'violation' }] }],
  ['L2 that was accepted', { level: 'L2' }, { accepted: ['v'] }, { escalated: [], through: true }],
  ['L3 is told', { level: 'L3' }, {}, { blamed: [], escalated: [], through: true }],
  ['earlier ones are told', { unit: null }, {}, { blamed: [], escalated: [], through: true }],
  ['at the end L1 blocks', {}, { group: null, units: [] }, { blamed: [], through: false }],
  ['at the end L2 blocks', { level: 'L2' }, { group: null, units: [] }, { through: false }],
  ['at the end L3 does not', { level: 'L3' }, { group: null, units: [] }, { through: true }],
])('constitution: %s', async (_, of, about, expected) => {
  const report = await gate(ground({ constitution: law([violation(of)]) }), task(about));
  expect(report).toMatchObject(expected);
  expect(report.violations).toHaveLength(1);
});

test('what passed on the very same product is not run again', async () => {
  const asked: string[] = [];
  const on = ground({
    aside: (aside, within) => {
      asked.push(...aside.units.map(({ unit }) => String(unit)));
      return checksThat(() => 'passed')(aside, within);
    },
  });
  const measured = [
    { unit: shelf, at: { commit: 'c2, before a tick', landings: 2 }, checks: [check] },
    { unit: api, at: { commit: 'c1', landings: 1 }, checks: [check] },
  ];
  const report = await createGate(on).run(
    task({ group: null, units: [], proofs: measured }),
    signal,
  );
  expect(asked).toEqual([String(api)]);
  expect(report).toMatchObject({ ok: true, value: { holding: [shelf, api], through: true } });
  expect(report.ok && report.value.steps[1]).toEqual({
    name: 'regression',
    outcome: 'passed',
    detail: '1 scenario run again, and pass still; 1 scenario seen to pass on this very product',
    reused: true,
  });
  const again = await createGate(on).run(
    task({ group: null, units: [], proofs: measured.slice(0, 1) }),
    signal,
  );
  expect(again).toMatchObject({
    ok: true,
    value: {
      steps: [
        {},
        {
          name: 'regression',
          detail: 'nothing run again: 1 scenario seen to pass on this very product',
          reused: true,
        },
        {},
      ],
    },
  });
  expect(asked).toEqual([String(api)]);
});
