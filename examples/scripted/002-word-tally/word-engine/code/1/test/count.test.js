import assert from 'node:assert/strict';
import test from 'node:test';
import { countText } from '../src/index.js';

test('apostrophes and hyphens hold a word together', () => {
  assert.equal(countText("it's well-read - isn’t it").words, 4);
});

test('the last line counts with or without its newline', () => {
  assert.equal(countText('one\ntwo').lines, 2);
  assert.equal(countText('one\ntwo\n').lines, 2);
  assert.equal(countText('\n').lines, 1);
});

test('an accent of its own belongs to its letter', () => {
  assert.deepEqual(countText('cafe\u0301'), { lines: 1, words: 1, characters: 4 });
});
