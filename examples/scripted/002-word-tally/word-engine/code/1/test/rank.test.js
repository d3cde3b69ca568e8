import assert from 'node:assert/strict';
import test from 'node:test';
import { topWords } from '../src/index.js';

test('case and encoding make no difference', () => {
  assert.deepEqual(topWords('Café cafe\u0301'), [{ word: 'café', count: 2 }]);
});

test('equals come in alphabetical order', () => {
  assert.deepEqual(
    topWords('pear apple fig', 2).map(({ word }) => word),
    ['apple', 'fig'],
  );
});
