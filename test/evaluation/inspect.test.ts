import { expect, test } from 'vitest';
import { needsService, testNeedsService } from '../../src/evaluation/checks/inspect.ts';
import { renderAddress } from '../../src/evaluation/attempt/render.ts';
import { unskipped } from '../../src/evaluation/checks/stubs.ts';

test.each([
  [`export default async function check(kit) { await kit.get('/'); }`, true],
  [`export default async function (k) { await k\n  .post('/'); }`, true],
  [`export default async (kit) => { const { put, assert } = kit; }`, true],
  [`export default async ({ delete: remove, assert }) => {}`, true],
  [`export default async kit => { await fetch(kit.baseUrl + '/x'); }`, true],
  [`export default async (kit) => { await kit.run('parse http://localhost:3000/'); }`, false],
  [
    `export default async ({ load, assert }) => { (await load('f'))({ get: 1, options: {} }); }`,
    false,
  ],
  [
    `export default async (kit) => { const cart = new Map(); cart.delete('a'); cart.get('b'); }`,
    false,
  ],
])('by its text, whether a check needs the service: %s', (code, expected) => {
  expect(needsService(code)).toBe(expected);
});

test.each([
  ['curl -s http://localhost:3000/health', true],
  ['curl -s "$BASE_URL/health"', true],
  ['curl "http://127.0.0.1:$PORT/"', true],
  ['node bin/tally.js list', false],
])('and a test: %s', (code, expected) => expect(testNeedsService(code)).toBe(expected));

test('a declared port is the only one that means the product', () => {
  const proxy = { host: '127.0.0.1', port: 9 };
  const text = 'http://localhost:3000/ 127.0.0.1:4000 my-localhost:3000 localhost:30001';
  expect(renderAddress(text, proxy, 3000)).toBe(
    'http://127.0.0.1:9/ 127.0.0.1:4000 my-localhost:3000 localhost:30001',
  );
  expect(renderAddress(text, proxy, null)).toBe(
    'http://127.0.0.1:9/ 127.0.0.1:9 my-localhost:3000 127.0.0.1:9',
  );
  expect(renderAddress(text, null, 3000)).toBe(text);
});

test.each([
  [`test.skip('a', f)`, `test('a', f)`],
  [`it.todo('a'); describe.skip('b', f); xit ('c')`, `it('a'); describe('b', f); it ('c')`],
  [`test('a', { skip: true, only: 1 }, f)`, `test('a', { skip: false, only: 1 }, f)`],
  [`test('a', { todo: 'not yet' }, f)`, `test('a', { todo: false }, f)`],
  [`test('a', (t) => { t.skip('later'); go(); })`, `test('a', (t) => {  go(); })`],
  [`list.skip(2); const skip = true;`, `list.skip(2); const skip = true;`],
])('skip marks go: %s', (code, expected) => expect(unskipped(code)).toBe(expected));
