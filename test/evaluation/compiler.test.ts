import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentReport, Stubs } from '../../src/domain/index.ts';
import { err, ok } from '../../src/domain/index.ts';
import type { Author, AuthorInput } from '../../src/evaluation/index.ts';
import { authorAnswerSchema, createCompiler } from '../../src/evaluation/index.ts';
import { Rig, UNIT } from './rig.ts';

let rig: Rig;
let asked: AuthorInput[];
let notes: string[];
beforeEach(async () => {
  rig = await Rig.make();
  asked = [];
  notes = [];
});
afterEach(() => rig.dispose());

const report: AgentReport = {
  agent: 'author',
  outcome: 'ok',
  usage: { costUsd: 0.5, inputTokens: 10, outputTokens: null },
  ms: 7,
  transcript: 'author.txt',
};

/** Answers one output after the other. */
const answering =
  (...outputs: unknown[]): Author =>
  (input) => {
    asked.push(input);
    return Promise.resolve(ok({ output: outputs[asked.length - 1], report }));
  };

function compile(names: readonly string[], author: Author, stubs: Stubs | null = null, keep = []) {
  const scenarios = names.map((name) => rig.scenario(name));
  const compiler = createCompiler({
    runDir: rig.runDir,
    bench: rig.bench,
    scenarios: () => scenarios,
    stubs: () => stubs,
    author,
    kitReference: 'the kit',
    note: (message) => notes.push(message),
  });
  return compiler.compile(UNIT, keep, new AbortController().signal);
}

const GOOD = `export default async function check({ get, assert }) {
  assert.equal((await get('/')).text, 'hello');
}
`;

async function value(...args: Parameters<typeof compile>) {
  const compiled = await compile(...args);
  if (!compiled.ok) throw new Error(compiled.error.detail);
  return compiled.value;
}

test('freezes what the author wrote and says what needs the service', async () => {
  const program = `export default async ({ run, assert }) => assert.equal((await run('x')).code, 0);`;
  const output = {
    checks: [
      { scenario: 'a b', code: GOOD },
      { scenario: 'c', code: program },
    ],
  };
  const compiled = await value(['a b', 'c'], answering(output));
  expect(compiled.broken).toEqual([]);
  expect(compiled.agent).toEqual(report);
  expect(compiled.checks).toMatchObject([
    { scenario: 'a b', file: 'checks/api/a b.mjs', origin: 'author', needsService: true },
    { scenario: 'c', file: 'checks/api/c.mjs', needsService: false },
  ]);
  expect(readFileSync(path.join(rig.runDir, 'checks/api/a b.mjs'), 'utf8')).toBe(GOOD);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.scenarios[0]).toEqual({ name: 'a b', text: '# a b\n\nThe text of a b.\n' });
  const { scenarios } = await rig.evaluate(compiled.checks.slice(1));
  expect(scenarios[0]?.outcome).toBe('failed');
});

test('asks twice more, for the missing and the faulty only, each with its own reason', async () => {
  const faulty = {
    syntax: 'export default async function check(kit) {',
    export: 'const x = 1; console.assert(x);',
    import: `import pg from 'pg'; export default (kit) => kit.assert.ok(pg);`,
    vacuous: `export default async (kit) => { await kit.get('/'); };`,
  };
  const first = Object.entries(faulty).map(([scenario, code]) => ({ scenario, code }));
  const compiled = await value(
    ['good', ...Object.keys(faulty), 'missing'],
    answering(
      { checks: [{ scenario: 'good', code: GOOD }, ...first, { scenario: 'alien', code: GOOD }] },
      { checks: [{ scenario: 'import', code: GOOD }] },
    ),
  );
  expect(asked[1]?.scenarios.map((s) => s.name)).toEqual([...Object.keys(faulty), 'missing']);
  const reasons = Object.fromEntries((asked[1]?.repair ?? []).map((r) => [r.scenario, r.reason]));
  expect(reasons['syntax']).toMatch(/does not parse.*check:1.*Unexpected end of input/);
  expect(reasons['syntax']).not.toContain(rig.runDir);
  expect(reasons['export']).toMatch(/no default export/);
  expect(reasons['import']).toMatch(/imports pg/);
  expect(reasons['vacuous']).toMatch(/asserts nothing/);
  expect(reasons['missing']).toMatch(/no check/);
  expect(compiled.checks.map((c) => c.scenario)).toEqual(['good', 'import']);
  expect(compiled.broken.map((b) => b.scenario)).toEqual([
    'syntax',
    'export',
    'vacuous',
    'missing',
  ]);
  expect(compiled.agent?.usage).toEqual({ costUsd: 1.5, inputTokens: 30, outputTokens: null });
  expect(notes).toEqual(['api: the check author wrote a check for alien, which is no scenario']);
});

test.each([
  ['talk', 'I could not do that.', /not JSON/],
  ['nothing', undefined, /not JSON|form/],
  ['another shape', { checks: { a: 'code' } }, /form/],
  ['half a JSON', '{"checks": [', /not JSON/],
])('an answer that is %s leaves every scenario without a check', async (_name, output, reason) => {
  const compiled = await value(['a'], answering(output, output, output));
  expect(asked).toHaveLength(3);
  expect(compiled.checks).toEqual([]);
  expect(compiled.broken).toMatchObject([{ scenario: 'a', reason: expect.stringMatching(reason) }]);
});

test('JSON within talk is found', async () => {
  const answer = JSON.stringify({ checks: [{ scenario: 'a', code: GOOD }] });
  const compiled = await value(['a'], answering(`Here:\n\`\`\`json\n${answer}\n\`\`\`\nDone.`));
  expect(compiled.checks).toHaveLength(1);
});

test('an agent that failed is infrastructure, in whichever round', async () => {
  const trouble = { detail: 'rate limit' };
  expect(await compile(['a'], () => Promise.resolve(err(trouble)))).toEqual(err(trouble));
  let calls = 0;
  const later: Author = () => {
    calls += 1;
    return Promise.resolve(calls === 1 ? ok({ output: '?', report }) : err(trouble));
  };
  expect(await compile(['a'], later)).toMatchObject({ ok: false, error: { agent: report } });
  const killed: Author = () =>
    Promise.resolve(ok({ output: '', report: { ...report, outcome: 'killed' } }));
  expect((await compile(['a'], killed)).ok).toBe(false);
});

test('the schema is plain JSON Schema', () => {
  expect(authorAnswerSchema).toMatchObject({ type: 'object', required: ['checks'] });
  expect(authorAnswerSchema).not.toHaveProperty('$schema');
});

describe('stubs', () => {
  const nodeStub = (body: string) =>
    `test.skip('works', { skip: true }, async () => {\n${body}\n});\n`;
  const stubs = (parts: Partial<Stubs>): Stubs => ({
    framework: 'node:test',
    setup: {
      lang: 'js',
      code: `import test from 'node:test';\nimport assert from 'node:assert/strict';\nconst BASE = 'http://localhost:3000';`,
    },
    stubs: [],
    ...parts,
  });
  const stub = (scenario: string, lang: string | null, code: string) => ({
    scenario,
    lang,
    code,
    priority: 'P0' as const,
  });

  test('self-contained ones run as they are, without their skip marks, on the proxy', async () => {
    await rig.serve((_request, response) => response.writeHead(200).end('hello'));
    const all = await value(['passes', 'fails'], answering(), {
      ...stubs({}),
      stubs: [
        stub(
          'passes',
          'js',
          nodeStub(`assert.equal(await (await fetch(BASE + '/x')).text(), 'hello');`),
        ),
        stub('fails', 'js', nodeStub(`assert.equal((await fetch(BASE)).status, 201);`)),
      ],
    });
    expect(asked).toEqual([]);
    expect(all.agent).toBeNull();
    expect(all.checks.every((check) => check.origin === 'stub' && check.needsService)).toBe(true);
    expect(all.checks[0]?.calibration).toEqual({
      passed: [],
      failed: ['hang', 'refusal', '404', '500', 'empty', '{}'],
    });
    const { scenarios } = await rig.evaluate(all.checks);
    expect(scenarios.map((s) => s.outcome)).toEqual(['passed', 'failed']);
    expect(rig.seen[0]).toMatchObject({ kind: 'http', path: '/', status: 200 });
  });

  test('shell ones run in the tree of the product', async () => {
    const { checks } = await value(['tool', 'wrong'], answering(), {
      framework: 'bash',
      setup: { lang: 'bash', code: 'set -e' },
      stubs: [
        stub('tool', 'bash', 'tally add milk\ntest "$(tally list)" = milk\n'),
        stub('wrong', 'sh', 'tally fly\necho unreachable\n'),
      ],
    });
    expect(checks.map((check) => check.file)).toEqual([
      'checks/api/tool.sh',
      'checks/api/wrong.sh',
    ]);
    const { scenarios } = await rig.evaluate(checks);
    expect(scenarios.map((s) => s.outcome)).toEqual(['passed', 'failed']);
  });

  test('one that proves nothing goes to the author, and a person is told', async () => {
    const compiled = await value(
      ['idle'],
      answering({ checks: [{ scenario: 'idle', code: GOOD }] }),
      {
        ...stubs({}),
        stubs: [stub('idle', 'js', nodeStub(`assert.ok(BASE);`))],
      },
    );
    expect(asked[0]?.stubs.map((s) => s.name)).toEqual(['idle']);
    expect(compiled.checks[0]?.origin).toBe('author');
    expect(notes[0]).toMatch(
      /the stub of idle goes to the check author, because .*without ever using/,
    );
  });

  test('others, and those that do not parse, go to the author first', async () => {
    const compiled = await value(
      ['browser', 'torn', 'unstubbed'],
      answering({
        checks: ['browser', 'torn', 'unstubbed'].map((scenario) => ({ scenario, code: GOOD })),
      }),
      stubs({
        framework: 'playwright',
        setup: { lang: 'ts', code: `import { test } from '@playwright/test';` },
        stubs: [stub('browser', 'ts', `test.skip('x', () => {});`), stub('torn', 'js', `test('`)],
      }),
    );
    expect(compiled.checks.map((check) => check.origin)).toEqual(['author', 'author', 'author']);
    expect(asked[0]?.stubs.map((s) => s.name)).toEqual(['browser', 'torn']);
    expect(asked[0]?.stubs[0]?.text).toContain(`import { test } from '@playwright/test';`);
  });
});
