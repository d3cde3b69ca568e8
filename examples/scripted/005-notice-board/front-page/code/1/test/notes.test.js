import assert from 'node:assert/strict';
import test from 'node:test';
import { all, pin } from '../src/notes.js';

test('the latest note is on top', () => {
  pin('one');
  pin('two');
  assert.deepEqual(all(), ['two', 'one']);
});
