import fc from 'fast-check';
import { expect, test } from 'vitest';
import { filterSymptom, recallSymptom, symptomsFromTraffic } from '../../src/barrier/index.ts';
import type { Observation } from '../../src/barrier/index.ts';
import { wordsOf } from '../../src/barrier/feedback/surface.ts';
import { FIXED_WORDS } from '../../src/barrier/feedback/traffic.ts';

const http = (
  method: string,
  path: string,
  more: Partial<Extract<Observation, { kind: 'http' }>> = {},
): Observation => ({
  kind: 'http',
  method,
  path,
  status: 500,
  error: null,
  ms: 4000,
  ...more,
});

const UNIT = `
The service answers GET /health. POST /items adds, GET /items/:id reads (e.g. http://localhost:3000/items/7.), DELETE
\`/carts/{cart}/items/{id}\`, and it exports \`parseRow\`.`;
const told = (...exchanges: Observation[]): string[] =>
  symptomsFromTraffic({ exchanges, unitText: UNIT });

test.each<[Observation, string]>([
  [http('GET', '/health', { status: 404 }), 'GET /health: returned status 404'],
  [http('GET', '/health/?verbose=secret', { status: 503 }), 'GET /health: returned status 503'],
  [
    http('POST', '/items', { status: null, error: 'timeout', ms: 5100 }),
    'POST /items: no answer within 5 s',
  ],
  [
    http('GET', '/items/7', { status: 200, json: false }),
    'GET /items/7: returned a body that is not JSON',
  ],
  [
    http('GET', '/items/secret-4711', { status: 200, part: 'body' }),
    'GET /items/:id: returned status 200 with a body that is not as described',
  ],
  [
    http('DELETE', '/carts/a/items/b', { status: 200 }),
    'DELETE /carts/{cart}/items/{id}: returned status 200',
  ],
  [http('PATCH', '/items', { status: 405 }), 'a request to /items: returned status 405'],
  [http('GET', '/hidden/route'), 'a request: returned status 500'],
  [
    http('GET', '/items', { status: null, error: 'refused' }),
    'GET /items: the connection was refused',
  ],
  [
    { kind: 'command', code: 2, signal: null, error: null, ms: 1 },
    'the command exited with code 2',
  ],
  [
    { kind: 'command', code: null, signal: null, error: 'timeout', ms: 9900 },
    'the command did not end within 10 s',
  ],
  [{ kind: 'call', name: 'parseRow', outcome: 'missing', ms: 1 }, 'export parseRow: not found'],
  [{ kind: 'call', name: 'secretName', outcome: 'missing', ms: 1 }, 'export: not found'],
  [
    { kind: 'service', outcome: 'exited', code: 1, ms: 1 },
    'the service exited with code 1 before it was healthy',
  ],
  [
    { kind: 'verify', outcome: 'failed', code: 1 },
    "the project's own checks failed with exit code 1",
  ],
])('%j is told as %s', (seen, line) => {
  expect(told(seen)).toEqual([line]);
});

test('the same thing is told once', () => {
  expect(
    told(http('GET', '/items/1', { status: 500 }), http('GET', '/items/2'), http('GET', '/health')),
  ).toEqual(['GET /items/:id: returned status 500', 'GET /health: returned status 500']);
});

const observation: fc.Arbitrary<Observation> = fc.oneof(
  fc.record({
    kind: fc.constant('http' as const),
    method: fc.oneof(fc.constantFrom('GET', 'POST', 'DELETE'), fc.string()),
    path: fc.oneof(
      fc.webPath(),
      fc.string({ unit: 'binary' }).map((text) => `/${text}`),
      fc.constantFrom('/items/1', '/a b'),
    ),
    status: fc.option(fc.integer({ min: 100, max: 599 })),
    error: fc.option(fc.constantFrom('refused', 'reset', 'timeout')),
    json: fc.option(fc.boolean()),
    ms: fc.double({ min: 0, max: 1e6, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('command' as const),
    code: fc.option(fc.integer({ min: 0, max: 255 })),
    signal: fc.option(fc.string()),
    error: fc.option(fc.constantFrom('not_started', 'timeout', 'flood')),
    ms: fc.nat(),
  }),
  fc.record({
    kind: fc.constant('call' as const),
    name: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('parseRow', 'constructor')),
    outcome: fc.constantFrom('loaded', 'returned', 'threw', 'missing', 'timeout', 'died'),
    ms: fc.nat(),
  }),
);

test('no symptom says a word that is neither ours nor in the unit spec, and each is one short line', () => {
  const text = fc.oneof(
    fc.constant(UNIT),
    fc.lorem(),
    fc.string({ unit: 'binary' }),
    fc.webPath().map((path) => `GET ${path} does it`),
  );
  fc.assert(
    fc.property(fc.array(observation, { maxLength: 5 }), text, (exchanges, unitText) => {
      const allowed = new Set([...wordsOf(unitText), ...FIXED_WORDS]);
      for (const line of symptomsFromTraffic({ exchanges, unitText })) {
        expect(Array.from(line).length).toBeLessThanOrEqual(160);
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}?]/u);
        expect(recallSymptom(line)).toBe(line);
        const foreign = wordsOf(line).filter((word) => !allowed.has(word) && !/^\d+$/.test(word));
        expect(foreign).toEqual([]);
      }
    }),
    { numRuns: 500 },
  );
});

test('only lines in the form of a symptom are taken back from the journal', () => {
  for (const line of [
    '',
    'two\nlines',
    'esc \u001b[31m',
    ' padded',
    'x'.repeat(161),
    'right\u202Eleft',
  ])
    expect(recallSymptom(line)).toBeNull();
});

const SCENARIO =
  'Given an empty shelf, when the reader borrows Moby Dick twice, then the answer is 409 with reason "already lent".';
const context = {
  scenarioText: SCENARIO,
  unitText: 'A reader borrows a book with POST /loans.',
  category: 'status',
} as const;
const ALONE = 'a request returned a status that is not as described';

test.each([
  'borrows Moby Dick twice',
  'MOBY   dick',
  'moby­ dick answered wrongly',
  'then the answer is 409',
  Buffer.from(SCENARIO).toString('base64').slice(0, 100),
  'the reаder got it back',
  'one line\nand another',
  'x'.repeat(161),
  '\u001b[2J',
])('a line that carries scenario text falls back to its category: %s', (line) => {
  expect(filterSymptom(line, context)).toBe(ALONE);
});

test.each([
  'POST /loans: returned status 500',
  'A reader borrows a book: no answer',
  'crashes on a second request',
])('a line that does not is kept: %s', (line) => {
  expect(filterSymptom(line, context)).toBe(line);
});

test('whatever is cut out of a scenario is stopped', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: SCENARIO.length - 30 }),
      fc.integer({ min: 30, max: 80 }),
      fc.boolean(),
      (start, length, upper) => {
        const piece = SCENARIO.slice(start, start + length);
        expect(filterSymptom(upper ? piece.toUpperCase() : piece, context)).toBe(ALONE);
      },
    ),
  );
});
