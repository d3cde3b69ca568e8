import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AgentOutcome, Stubs } from '../../src/domain/index.ts';
import { err, ok } from '../../src/domain/index.ts';
import type { JudgeInput } from '../../src/evaluation/index.ts';
import { createReportEvaluator } from '../../src/evaluation/index.ts';
import { Rig, UNIT } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await Rig.make();
});
afterEach(() => rig.dispose());

const NAMES = ['list', 'list-empty', 'create'];

async function judge(text: string, outcome: AgentOutcome = 'ok') {
  const inputs: JudgeInput[] = [];
  const filtered: { line: string; secret: string }[] = [];
  mkdirSync(path.join(rig.runDir, 'scenarios'));
  const scenarios = NAMES.map((name) => {
    const file = path.join(rig.runDir, 'scenarios', `${name}.md`);
    writeFileSync(file, `the text of ${name}`);
    return { unit: UNIT, name, title: name, priority: 'P1' as const, sealed: false, file };
  });
  const stubs: Stubs = {
    framework: 'playwright',
    setup: null,
    stubs: [{ scenario: 'list', lang: 'ts', code: 'test.skip()', priority: 'P0' }],
  };
  const evaluator = createReportEvaluator({
    runDir: rig.runDir,
    proxy: rig.proxy,
    withProduct: () => Promise.resolve(err({ detail: 'there is none' })),
    scenarios: () => scenarios,
    stubs: () => stubs,
    judge: (input) => {
      inputs.push(input);
      const usage = { costUsd: null, inputTokens: null, outputTokens: null };
      return Promise.resolve(
        ok({ text, report: { agent: 'e', outcome, usage, ms: 1, transcript: 't' } }),
      );
    },
    symptom: (_unit, line, secret) => {
      filtered.push({ line, secret });
      return `filtered ${line}`;
    },
  });
  const task = { unit: UNIT, iteration: 2, commit: 'c', checks: [], broken: [] };
  const measured = await evaluator.evaluate(task, new AbortController().signal);
  return { measured, inputs, filtered };
}

async function outcomes(text: string) {
  const { measured } = await judge(text);
  if (!measured.ok) throw new Error(measured.error.detail);
  return Object.fromEntries(measured.value.scenarios.map((s) => [s.name, s.outcome]));
}

test('counts the names in its lists, and passes failures through the filter', async () => {
  const text = `All done.

Satisfaction: 2/3 scenarios (67%)
Passed:
- list
- **create** (P0)
Failed:
- list-empty: GET /: returned status 500
`;
  const { measured, inputs, filtered } = await judge(text);
  if (!measured.ok) throw new Error(measured.error.detail);
  expect(measured.value.scenarios.map((s) => s.outcome)).toEqual(['passed', 'failed', 'passed']);
  expect(measured.value.symptoms).toEqual(['filtered GET /: returned status 500']);
  expect(filtered[0]?.secret).toContain('list-empty\nthe text of list-empty');
  expect(inputs[0]?.stubs).toMatchObject([{ name: 'list' }]);
  const evidence = measured.value.scenarios[0]?.evidence ?? '';
  expect(readFileSync(path.join(rig.runDir, evidence), 'utf8')).toBe(text);
});

test('its own number means nothing: what is not named has failed', async () => {
  expect(
    await outcomes('Satisfaction: 3/3 scenarios (100%)\nPassed: list, create\nFailed:\n'),
  ).toEqual({
    list: 'passed',
    'list-empty': 'failed',
    create: 'passed',
  });
});

test.each([
  ['in both lists', 'Passed: list\nFailed:\n- list: slow'],
  ['named twice', 'Passed:\n- list\n- list'],
  ['passed with a but', 'Passed:\n- list: only after a retry, returned status 500'],
  ['only in talk before the report', ''],
])('a scenario that is %s has failed', async (_name, lists) => {
  const text = `Satisfaction: 3/3 scenarios (100%)\nPassed: list\n\nSatisfaction: 1/3 scenarios (33%)\n${lists}\nPassed:\n- create`;
  expect(await outcomes(text)).toEqual({
    list: 'failed',
    'list-empty': 'failed',
    create: 'passed',
  });
});

test.each([
  ['no report', 'Everything passed, trust me.'],
  ['a number alone', 'Satisfaction: 3/3 scenarios (100%)'],
  ['lists without a number', 'Passed: list, list-empty, create'],
])('%s says nothing about the product', async (_name, text) => {
  expect(new Set(Object.values(await outcomes(text)))).toEqual(new Set(['inconclusive']));
});

test('an evaluator that was killed is infrastructure', async () => {
  const { measured } = await judge('Satisfaction: 3/3 scenarios (100%)\nPassed: list', 'killed');
  expect(measured).toMatchObject({ ok: false, error: { agent: { outcome: 'killed' } } });
});
