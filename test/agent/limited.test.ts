import { expect, test } from 'vitest';
import { limitedBy } from '../../src/agent/limited.ts';

test.each([
  ['too many requests', { status: 429 }, null],
  ['overloaded', { status: 529 }, null],
  ['an event with the time', { resetsAt: 1_893_456_000 }, '2030-01-01T00:00:00.000Z'],
  ['an event without it', { resetsAt: null }, null],
  ['words', { words: ': "Error: rate limit exceeded"' }, null],
  [
    'words with the time',
    { status: 400, words: 'Claude AI usage limit reached|1893456000' },
    '2030-01-01T00:00:00.000Z',
  ],
])('%s is a limit', (_, said, until) => {
  expect(limitedBy(said)).toEqual({ limited: { until } });
});

test.each([
  ['a server error', { status: 500, words: 'internal' }],
  ['a bad key', { status: 401, words: 'invalid x-api-key' }],
  ['nothing', {}],
])('%s is none', (_, said) => {
  expect(limitedBy(said)).toEqual({});
});
