import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lookThrough, watchFor } from '../../src/barrier/index.ts';

const CANARY = `fcanary${'0123456789'.repeat(4)}`;
const PATH = 'scenarios/shelf/lends.md';
const TEXT = `---
unit: shelf
---

# A book is lent once

Ada asks for the atlas while Ben still has it.

- She is told that it is away, with status 409.
- The shelf remembers that she asked.
`;

const watch = (own = '') =>
  watchFor({ canary: CANARY, holdouts: [{ path: PATH, text: TEXT }], own });

const lines = TEXT.split('\n');
const body = lines.slice(4).join('\n');

test.each([
  ['as it is', TEXT],
  ['without its frontmatter', body],
  ['in capitals', TEXT.toUpperCase()],
  ['quoted', body.replaceAll('\n', '\n> ')],
  ['as an added file of a diff', body.replaceAll('\n', '\n+')],
  ['with line numbers', lines.map((line, at) => `${at + 1}\t${line}`).join('\n')],
  ['on one line', body.replaceAll(/\s+/g, ' ')],
  ['as a string of JSON', JSON.stringify({ text: JSON.stringify(body) })],
  [
    'in wide letters',
    body.replaceAll(/[a-z]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
  ],
  ['with invisible marks', body.replaceAll('e', 'e\u200b')],
  ['in base64', Buffer.from(TEXT).toString('base64')],
  ['in base64 with line ends', Buffer.from(TEXT).toString('base64').replace(/.{76}/g, '$&\n')],
  ['in hexadecimal', Buffer.from(TEXT).toString('hex')],
])('a whole scenario is recognised %s, alone and among many that are like it', (_, text) => {
  const said = `before\n${text}\nafter`;
  expect(watch().look(said)).toEqual({ what: `the whole of ${PATH}` });
  const others = Array.from({ length: 50 }, (__, at) => ({
    path: `scenarios/shelf/like-${String(at)}.md`,
    text: TEXT.replace('atlas', `atlas of land ${String(at)}`),
  }));
  const many = watchFor({
    canary: CANARY,
    holdouts: [...others, { path: PATH, text: TEXT }],
    own: '',
  });
  expect(many.look(said)).toEqual({ what: `the whole of ${PATH}` });
});

test.each([
  ['some of it', lines.slice(0, 8).join('\n')],
  ['its lines far apart', lines.join(`\n${'something else '.repeat(40)}\n`)],
  ['its lines the other way round', lines.toReversed().join('\n')],
  ['nothing', ''],
])('%s is no whole scenario', (_, text) => {
  expect(watch().look(text)).toBeNull();
});

test.each([
  ['as it is', CANARY],
  ['spelled out', CANARY.split('').join(' ')],
  ['in base64', Buffer.from(`the word is ${CANARY}, they say`).toString('base64')],
])('the canary is recognised %s', (_, text) => {
  expect(watch().look(text)).toEqual({ what: 'the planted canary' });
});

test('what an agent was told is no secret to it', () => {
  expect(watch(`A unit spec.\n\n${body}`).look(body)).toBeNull();
});

test('a transcript is looked through whatever its size, and the place is told', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'watch-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const file = join(dir, 'code-1.ndjson');
  const noise = `${JSON.stringify({ stdout: 'x'.repeat(600_000) })}\n`;
  const split = [lines.slice(0, 7).join('\n'), lines.slice(7).join('\n')];
  const leak = split.map((text) => `${JSON.stringify({ message: { text } })}\n`).join('');
  writeFileSync(file, noise.repeat(5) + leak + noise.repeat(3));
  expect(await lookThrough(file, watch())).toEqual({
    what: `the whole of ${PATH}`,
    where: expect.stringMatching(/^lines \d+ to \d+$/),
  });
  writeFileSync(file, noise.repeat(3));
  expect(await lookThrough(file, watch())).toBeNull();
});
