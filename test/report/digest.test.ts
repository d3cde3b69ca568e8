import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { RunFact } from '../../src/domain/index.ts';
import {
  DigestJson,
  digestOf,
  junitReport,
  markdownReport,
  receiptView,
  reportSchema,
} from '../../src/report/index.ts';
import { coded, evaluated, firstGroup, journal, started } from './rig.ts';

const digested = (facts: readonly RunFact[], minutes: readonly number[] = []) => {
  const events = journal(facts).map((event, index) => ({
    ...event,
    at: new Date((minutes[index] ?? index) * 60_000).toISOString(),
  }));
  const made = digestOf(events);
  if (made === null) throw new Error('nothing to digest');
  return made;
};
const digest = (...of: Parameters<typeof digested>) => digested(...of).digest;
const group: RunFact = { type: 'group.started', group: 1 };

test('no events, no digest', () => {
  expect(digestOf([])).toBe(null);
});

test('the critical path is the chain of work that each began when the one before it ended', () => {
  const [codeA, doneA, landA, landedA] = coded('shelf') as [RunFact, RunFact, RunFact, RunFact];
  const [codeB, doneB, landB, landedB] = coded('search') as [RunFact, RunFact, RunFact, RunFact];
  const { timeline } = digest([
    started(),
    group,
    codeA,
    codeB,
    doneB,
    landB,
    landedB,
    doneA,
    landA,
    landedA,
    ...evaluated('shelf', 1, { 'add-book': 'passed', 'delete-book': 'passed' }),
  ]);
  const path = timeline.spans.filter(({ critical }) => critical);
  expect(path.map(({ work, unit }) => `${work} ${String(unit)}`)).toEqual([
    'code shelf',
    'land shelf',
    'evaluation shelf',
  ]);
  expect(timeline.worked).toBe(11 * 60_000);
});

test('time between two processes is no time at work, and what was in flight is cut off', () => {
  const [code] = coded('shelf') as [RunFact];
  const { timeline } = digest(
    [started(), group, code, { type: 'run.resumed' }, code],
    [0, 1, 2, 500, 503],
  );
  expect(timeline.worked).toBe(5 * 60_000);
  expect(timeline.pauses).toEqual([{ at: 2 * 60_000, ms: 498 * 60_000 }]);
  expect(timeline.spans.map(({ outcome }) => outcome)).toEqual(['cut', 'open']);
});

test('a paused run sleeps until it is taken up, whatever is decided meanwhile', () => {
  const { timeline } = digest(
    [
      started(),
      { type: 'run.paused' },
      { type: 'run.noted', message: 'left by a person' },
      { type: 'run.resumed' },
      { type: 'run.noted', message: 'on it goes' },
    ],
    [0, 1, 50, 60, 61],
  );
  expect(timeline).toMatchObject({ worked: 2 * 60_000, pauses: [{ at: 60_000, ms: 59 * 60_000 }] });
});

test('a unit tells how it came nearer to its threshold, and what its agent was told', () => {
  const { units } = digest(firstGroup);
  const shelf = units.find(({ id }) => id === 'shelf');
  expect(shelf?.evaluations.map(({ satisfaction }) => satisfaction)).toEqual([0.5, 1]);
  expect(shelf?.scenarios.find(({ name }) => name === 'delete-book')).toMatchObject({
    outcome: 'passed',
    history: ['failed', 'passed'],
  });
  expect(shelf?.feedback).toContainEqual(
    expect.objectContaining({ from: 'evaluation', lines: ['GET /health: returned status 404'] }),
  );
});

test('cost is summed by role, and what nobody knows stays unknown', () => {
  const made = digested([
    started(),
    group,
    ...coded('shelf', { costUsd: 0.5 }),
    ...coded('search', { costUsd: null }),
  ]);
  expect(made.digest.spending).toMatchObject([
    { role: 'code agent', agent: 'test', runs: 2, usd: 0.5, unknownRuns: 1, untoldRuns: 2 },
  ]);
  expect(markdownReport(made)).toMatch(/code agent .*\$0\.50 \+ 1 unknown run .*unknown .*unknown/);
});

test('what report --format json prints is what its published schema says, no more and no less', async () => {
  await expect(`${JSON.stringify(reportSchema(), null, 2)}\n`).toMatchFileSnapshot(
    '../../docs/report.schema.json',
  );
  const made = digest([
    ...firstGroup,
    { type: 'group.started', group: 2 },
    ...coded('api'),
    ...evaluated('api', 1, { health: 'failed' }),
    { type: 'run.stopped', reason: 'infra', detail: 'disk full' },
    { type: 'run.resumed' },
  ]);
  const printed: unknown = JSON.parse(JSON.stringify(made));
  // Parsing drops what the schema does not know.
  expect(DigestJson.parse(printed)).toEqual(printed);
});

test('JUnit: a suite for each unit, a case for each scenario, and only a wrong product is a failure', () => {
  const xml = junitReport(
    digest([
      started(),
      group,
      ...coded('shelf'),
      ...coded('search'),
      ...evaluated('shelf', 1, { 'add-book': 'failed', 'delete-book': 'inconclusive' }),
    ]),
  );
  expect(xml).toContain(
    '<testsuites name="001-bookshelf" tests="4" failures="1" errors="1" skipped="2"',
  );
  expect(xml.match(/<testsuite name="[^"]+"/g)).toEqual([
    '<testsuite name="shelf"',
    '<testsuite name="search"',
    '<testsuite name="api"',
  ]);
  expect(xml).toMatch(/<testcase name="add-book" classname="001-bookshelf.shelf".*?<failure /);
  expect(xml).toMatch(/<testcase name="delete-book" [^>]*>.*?<error [^>]*type="inconclusive"/);
});

test('JUnit: it keeps to its published schema, whatever happened', async () => {
  const schema = await readFile(join(import.meta.dirname, '../../docs/junit.xsd'), 'utf8');
  const runs: (readonly RunFact[])[] = [
    [...firstGroup, ...coded('api'), ...evaluated('api', 1, { health: 'inconclusive' })],
    [started(), group, ...coded('shelf'), ...evaluated('shelf', 1, { 'add-book': 'failed' })],
    [
      started(),
      {
        type: 'run.tripped',
        what: 'a canary in <work> \u0007',
        where: 'lib/a.js',
        unit: null,
        operation: null,
      },
    ],
  ];
  const xml = runs.map((facts, index) => ({
    fileName: `${String(index)}.xml`,
    contents: junitReport(digest(facts)),
  }));
  expect((await validateXML({ xml, schema })).errors).toEqual([]);
  const broken = { fileName: 'broken.xml', contents: '<testsuites name="x"/>' };
  expect((await validateXML({ xml: [broken], schema })).valid).toBe(false);
});

test('JUnit: text from outside can be no markup and no character that XML does not know', () => {
  const xml = junitReport(digest([started({ spec: 'a"<b>\u0000\uFFFF&\uD800' })]));
  expect(xml).toContain('name="a&#x22;&#x3C;b>\uFFFD\uFFFD&#x26;\uFFFD"');
});

test('a receipt is shown where it is one, and any other file is none', () => {
  expect(receiptView({ version: 9 })).toBe(null);
  const receipt = receiptView({
    version: 1,
    outcome: 'completed',
    events: 3,
    barrier: { tier: 'bwrap', argv: [] },
    inputs: { 'manifest.md': 'x' },
    changed: [],
    audits: [{ base: 'b' }],
    feedback: [],
    findings: [],
    objections: [{ what: 'it is not what it was', where: 'manifest.md' }],
  });
  const made = digestOf(journal([started()]), { receipt });
  if (made === null) throw new Error('nothing to digest');
  expect(markdownReport(made)).toContain('objection: it is not what it was (manifest.md)');
});
