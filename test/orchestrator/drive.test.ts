import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ok, type GateReport, type RunFact } from '../../src/domain/index.ts';
import { drive, type Dropped, type Ports } from '../../src/orchestrator/index.ts';
import { coded, evaluated, plan, started, stateOf, unit } from '../report/rig.ts';

/** A run of one unit that has used up its iterations. */
const stuck: readonly RunFact[] = [
  started({
    ...plan(),
    maxIterations: 1,
    service: 'none',
    groups: [{ number: 1, mode: 'parallel', units: [unit('shelf', '', []).id] }],
    units: [unit('shelf', 'Shelf', ['add-book'])],
  }),
  { type: 'manifest.editing', tick: [], status: 'in_progress', before: 'b', after: 'a' },
  { type: 'manifest.edited', tick: [], status: 'in_progress', commit: 'c' },
  { type: 'group.started', group: 1 },
  { type: 'checks.finished', unit: unit('shelf', '', []).id, checks: [], broken: [], agent: null },
  ...coded('shelf'),
  ...evaluated('shelf', 1, { 'add-book': 'failed' }),
];

/** A gate that finds nothing. */
const clear: GateReport = {
  commit: 'c',
  steps: [],
  blamed: [],
  escalated: [],
  waiting: [],
  agents: [],
  backedOut: [],
  violations: [],
  holding: [],
  proven: true,
  through: true,
};

/** Ports of a run in which nothing is left to do but to ask. */
function ports(own: Partial<Ports>): { ports: Ports; facts: RunFact[] } {
  const facts: RunFact[] = [];
  const never = () => Promise.reject(new Error('nobody should ask for this'));
  let seq = 100;
  return {
    facts,
    ports: {
      auditor: { audit: never },
      coder: { code: never },
      lander: { land: never },
      compiler: { compile: never },
      evaluator: { evaluate: never },
      opinions: { ask: never },
      gate: { run: async () => ok(clear) },
      sealed: { measure: never },
      service: { ready: never, stop: async () => undefined },
      manifest: {
        plan: async () => ok({ before: 'b', after: 'a' }),
        apply: async () => ok({ commit: 'c' }),
      },
      delivery: { deliver: async () => ok({ note: null }) },
      notes: () => [],
      journal: {
        append(fact) {
          facts.push(fact);
          seq += 1;
          return ok({ seq, at: new Date(seq * 1000).toISOString(), run: 'r', ...fact });
        },
      },
      publish: () => undefined,
      person: { ask: async () => null, inbox: () => [] },
      sleep: (ms, signal) => pause(Math.min(ms, 5), undefined, { signal }).catch(() => undefined),
      ...own,
    },
  };
}

test('a prompt is taken back when its question is answered elsewhere, and by nothing less', async () => {
  const { id } = unit('shelf', '', []);
  const answers: Dropped['decision'][] = [
    { kind: 'recheck', scenario: 'no-such' },
    { kind: 'skip' },
  ];
  const prompts: AbortSignal[] = [];
  const seen: boolean[] = [];
  const { ports: given, facts } = ports({
    person: {
      ask(_, signal) {
        prompts.push(signal);
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)));
      },
      inbox() {
        const [prompt] = prompts;
        if (prompt === undefined) return [];
        seen.push(prompt.aborted);
        const decision = answers.shift();
        return decision === undefined ? [] : [{ subject: id, decision, done: () => undefined }];
      },
    },
  });
  const end = await drive(stateOf(stuck), given, new AbortController().signal);
  expect(end).toEqual({ kind: 'finished', status: 'failed' });
  // Not yet after the answer that fits nothing, which is told of.
  expect(seen.slice(0, 2)).toEqual([false, false]);
  expect(prompts.map(({ aborted }) => aborted)).toEqual([true]);
  expect(facts).toContainEqual({
    type: 'run.noted',
    message: expect.stringContaining('no scenario "no-such"'),
  });
});

test('what a room wants a person to know is journalled', async () => {
  const notes = ['the author answered for a scenario nobody has'];
  const { ports: given, facts } = ports({ notes: () => notes.splice(0) });
  await drive(stateOf(stuck), given, new AbortController().signal);
  expect(facts).toContainEqual({
    type: 'run.noted',
    message: 'the author answered for a scenario nobody has',
  });
});
