import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ok, unitId, type AgentReport, type Rule } from '../../src/domain/index.ts';
import { lawOf, type ChangedText, type LawJudge } from '../../src/evaluation/index.ts';

let runDir = '';
beforeAll(async () => void (runDir = await mkdtemp(join(tmpdir(), 'law-'))));
afterAll(() => rm(runDir, { recursive: true }));

const api = unitId('api');

const rule = (change: Partial<Rule> = {}): Rule => ({
  name: 'No rubbish',
  level: 'L1',
  by: { kind: 'pattern', pattern: 'rubbish' },
  scope: ['**'],
  exclude: [],
  message: 'Never',
  place: { file: 'CONSTITUTION.md', line: 3, column: 1 },
  ...change,
});

/** A file whose every line the unit brought. */
const file = (path: string, text: string | null, before: string | null = null): ChangedText => ({
  path,
  text,
  before: () => Promise.resolve(ok(before)),
  origins: () => Promise.resolve(ok((text ?? '').split('\n').map(() => api))),
});

const nobody: LawJudge = () => Promise.reject(new Error('nobody is to be asked'));

async function violations(
  rules: readonly Rule[],
  files: readonly ChangedText[],
  judge: LawJudge = nobody,
) {
  const changed = () => Promise.resolve(ok(files));
  const law = lawOf({ rules, notes: [], changed, judge, runDir });
  const found = await law('c', new AbortController().signal);
  if (!found.ok) throw new Error(found.error.detail);
  return found.value;
}

test('scope and exclude say which files a rule is for, hidden ones too', async () => {
  const own = rule({ scope: ['src/**/*.{js,ts}', '.*/*'], exclude: ['src/old/**'] });
  const paths = ['src/a.js', 'src/x/b.ts', 'src/old/c.js', 'src/d.md', '.ci/e', 'lib/f.js'];
  const { violations: found } = await violations(
    [own],
    paths.map((path) => file(path, 'rubbish')),
  );
  expect(found.map((each) => each.file)).toEqual(['src/a.js', 'src/x/b.ts', '.ci/e']);
});

test('a line that was only moved was there before; one more of its kind was not', async () => {
  const { violations: found } = await violations(
    [rule()],
    [file('a.txt', 'new\n  rubbish\nrubbish\n', 'rubbish\nold\n')],
  );
  expect(found.map(({ line, unit }) => [line, unit])).toEqual([
    [2, null],
    [3, api],
  ]);
});

test('a violation keeps its id while rule, file and text of the line stay', async () => {
  const idIn = async (path: string, text: string) =>
    (await violations([rule()], [file(path, text)])).violations[0]?.id;
  const id = await idIn('a.txt', 'rubbish\n');
  expect(await idIn('a.txt', 'one\ntwo\n\trubbish\n')).toBe(id);
  expect(await idIn('a.txt', 'more rubbish\n')).not.toBe(id);
  expect(await idIn('b.txt', 'rubbish\n')).not.toBe(id);
});

test('an evil pattern takes no longer than a good one', async () => {
  const evil = rule({ by: { kind: 'pattern', pattern: '(a+)+$' } });
  const { violations: found } = await violations(
    [evil],
    [file('a.txt', `${'a'.repeat(50_000)}!\n`)],
  );
  expect(found).toEqual([]);
});

test('what is not text is counted, not judged', async () => {
  const { notes } = await violations([rule()], [file('a.bin', null)]);
  expect(notes).toEqual(['files that are not text and were not looked at: 1']);
});

const report: AgentReport = {
  agent: 'judge',
  outcome: 'ok',
  usage: { costUsd: null, inputTokens: null, outputTokens: null },
  ms: 1,
  transcript: 't',
};

test('a judge is asked once about equal text, and only places that were asked about count', async () => {
  const asked: string[][] = [];
  const judge: LawJudge = (input) => {
    asked.push(input.files.map(({ path }) => path));
    const places = [
      { rule: 'R1', file: 'kind.txt', line: 2 },
      { rule: 'R1', file: 'kind.txt', line: 2 },
      { rule: 'R2', file: 'kind.txt', line: 1 },
      { rule: 'R1', file: '/etc/passwd', line: 1 },
    ];
    return Promise.resolve(ok({ output: { violations: places }, report }));
  };
  const kind = rule({ by: { kind: 'check', question: 'Is it kind?' } });
  const files = [file('kind.txt', 'go\naway\n'), file('other.txt', 'hello\n')];
  const first = await violations([kind], files, judge);
  expect(first.violations.map((each) => `${each.file}:${each.line}`)).toEqual(['kind.txt:2']);
  const second = await violations([kind], files, judge);
  expect(second.violations).toEqual(first.violations);
  expect(asked).toEqual([['kind.txt', 'other.txt']]);
  expect([first.agents.length, second.agents.length]).toEqual([1, 0]);
});

test('an answer of another shape is no verdict', async () => {
  const judge: LawJudge = () => Promise.resolve(ok({ output: 'all is well', report }));
  const strict = rule({ by: { kind: 'check', question: 'Is it short?' } });
  await expect(violations([strict], [file('a.txt', 'x\n')], judge)).rejects.toThrow(
    'no usable answer',
  );
});
