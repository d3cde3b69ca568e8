import type { RequestListener } from 'node:http';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuthorInput } from '../../src/evaluation/index.ts';
import { createCompiler } from '../../src/evaluation/index.ts';
import { err, ok } from '../../src/domain/index.ts';
import { toldBy } from '../../src/evaluation/attempt/part.ts';
import { CHROMIUM, Rig, UNIT } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await Rig.make();
});
afterEach(() => rig.dispose());

const PAGE = `<!doctype html><title>Notes</title>
<form><label>Note <input name="text"></label><button>Add</button></form><ul></ul>
<script src="/app.js"></script>`;
const SCRIPT = `const form = document.querySelector('form');
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const answer = await fetch('/notes', { method: 'POST', body: form.elements.text.value });
  const item = document.createElement('li');
  item.textContent = (await answer.json()).text;
  setTimeout(() => document.querySelector('ul').append(item), 50);
});`;

/** A small page of notes; the other answers are as it is told. */
const notes =
  (more: Readonly<Record<string, string>> = {}): RequestListener =>
  (request, response) => {
    const files: Readonly<Record<string, string>> = { '/': PAGE, '/app.js': SCRIPT, ...more };
    const file = files[request.url ?? ''];
    if (request.url === '/notes') {
      response.writeHead(201, { 'content-type': 'application/json' });
      request.toArray().then(
        (parts) => {
          const text = Buffer.concat(parts as Buffer[]).toString();
          response.end(JSON.stringify({ text: more['said'] ?? text }));
        },
        () => response.end(),
      );
    } else if (file === undefined) response.writeHead(404).end();
    else {
      const type = request.url?.endsWith('.js') === true ? 'text/javascript' : 'text/html';
      response.writeHead(200, { 'content-type': type }).end(file);
    }
  };

const ADDS = `
  const page = await kit.page('/');
  await page.getByLabel('Note').fill('milk');
  await page.getByRole('button', { name: 'Add' }).click();
  await kit.until(async () =>
    kit.assert.equal(await page.getByRole('listitem').innerText(), 'milk'), { timeoutMs: 2000 });`;
const VISITORS = `
  await page.evaluate(() => localStorage.setItem('who', 'ann'));
  const bob = await kit.page('/', { visitor: 'bob' });
  const who = (of) => of.evaluate(() => localStorage.getItem('who'));
  kit.assert.deepEqual([await who(bob), await who(await kit.page('/'))], [null, 'ann']);
  kit.assert.doesNotMatch(await bob.evaluate(() => navigator.userAgent + navigator.webdriver), /Headless|true/);
  await kit.assert.rejects(bob.evaluate(() => fetch('http://example.com/')), /Failed to fetch/);`;
const IN_BROWSER = { needsBrowser: true };
const bench = { attemptMs: 20_000 };

describe.skipIf(!CHROMIUM.ok)('in Chromium (skipped where there is none)', () => {
  test('a page is opened, filled in and looked at by visitors who share nothing, it leads nowhere else, and pictures of it are kept for a person', async () => {
    await rig.serve(notes());
    const result = await rig.verdict(ADDS + VISITORS, IN_BROWSER, bench);
    const file = path.join(rig.runDir, result.evidence ?? '');
    const evidence = JSON.parse(readFileSync(file, 'utf8')) as {
      attempts: { reason: string; pictures: string[]; observations: { path: string }[] }[];
    };
    expect(evidence.attempts.map(({ reason }) => reason)).toEqual(['passed', 'passed', 'passed']);
    const [first] = evidence.attempts;
    expect(first?.observations.map((seen) => seen.path)).toEqual(
      expect.arrayContaining(['/', '/app.js', '/notes']),
    );
    expect(first?.pictures).toEqual(
      ['1', '1-2', '1-3'].map((name) => `evidence/api/1/it.${name}.png`),
    );
    const png = readFileSync(path.join(rig.runDir, first?.pictures[0] ?? ''));
    expect([png.subarray(1, 4).toString(), png.readUInt32BE(16)]).toEqual(['PNG', 1280]);
    expect(readdirSync(rig.bench.scratch)).toEqual([]);
  });

  test('a page that does something else fails, and is told by its own traffic', async () => {
    await rig.serve(notes({ said: 'beer' }));
    const { outcome } = await rig.verdict(ADDS, IN_BROWSER, bench);
    expect(outcome).toBe('failed');
    expect(rig.seen[0]).toMatchObject({ path: '/notes', status: 201, part: 'page' });
  });

  test('a check of a page is calibrated like any other', async () => {
    const vacuous = `const page = await kit.page('/'); kit.assert.equal(await page.getByText('Error').count(), 0);`;
    // What comes next does not open a page, which is quicker; the example is a check of a page that passes.
    const { compiled, repairs } = await compile([
      vacuous,
      `kit.assert.equal((await kit.get('/')).text, 'x');`,
    ]);
    expect(repairs).toHaveLength(1);
    expect(repairs[0]).toMatch(/it passes although nothing listens|cannot tell a working product/);
    expect(compiled.checks).toMatchObject([{ calibration: { passed: [] } }]);
  });
});

test('where there is no browser, such a check is inconclusive, goes back to nobody, and says what to do', async () => {
  const none = err({ where: 'browser', what: 'There is no Chromium.', remedy: 'Install it.' });
  const { compiled, repairs } = await compile([ADDS], none);
  expect([compiled.checks, repairs]).toEqual([[], []]);
  expect(compiled.broken[0]?.reason).toBe('it needs a browser. There is no Chromium. Install it.');
  await rig.serve(notes());
  const { outcome, reason } = await rig.verdict(ADDS, IN_BROWSER, { browser: none });
  expect([outcome, reason]).toEqual(['inconclusive', compiled.broken[0]?.reason]);
});

test.each([
  [
    'the script that it could not load',
    ['document / 200', 'script /app.js 404', 'image /icon 404'],
    '/app.js',
  ],
  ['what it asked for last', ['document / 200', 'empty /notes 201', 'image /icon 404'], '/notes'],
  ['itself', ['document / 200', 'script /app.js 200', 'style /app.css 200'], '/'],
])('a page that is not as it should be is told by %s', (_, requests, culprit) => {
  const seen = requests.map((request, at) => {
    const [to = '', url = '', status = ''] = request.split(' ');
    const message = { contentType: null, bytes: 0, body: '' };
    return {
      kind: 'http' as const,
      at,
      ms: 1,
      method: 'GET',
      path: url,
      query: '',
      status: Number(status),
      error: null,
      json: null,
      request: { ...message, headers: { 'sec-fetch-dest': to } },
      response: { ...message, headers: {} },
    };
  });
  expect(toldBy(seen, null)).toMatchObject({ path: culprit });
});

/** The answers of an author to one scenario, one after the other, and what it was told of them. */
async function compile(bodies: readonly string[], browser: typeof CHROMIUM = CHROMIUM) {
  const repairs: string[] = [];
  const usage = { costUsd: 0, inputTokens: 0, outputTokens: 0 };
  const report = { outcome: 'ok', ms: 1, usage, transcript: null } as never;
  const author = ({ repair = [] }: AuthorInput) => {
    repairs.push(...repair.map(({ reason }) => reason));
    const code = `export default async function check(kit) {${bodies[repairs.length] ?? ''}}`;
    return Promise.resolve(ok({ output: { checks: [{ scenario: 'adds', code }] }, report }));
  };
  const compiler = createCompiler({
    runDir: rig.runDir,
    bench: { ...rig.bench, browser, attemptMs: 20_000 },
    scenarios: () => [rig.scenario('adds')],
    stubs: () => null,
    author,
    kitReference: '',
  });
  const made = await compiler.compile(UNIT, [], new AbortController().signal);
  if (!made.ok) throw new Error(made.error.detail);
  return { compiled: made.value, repairs };
}
