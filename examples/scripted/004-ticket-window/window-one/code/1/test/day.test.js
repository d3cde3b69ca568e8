import assert from 'node:assert/strict';
import test from 'node:test';
import { Day } from '../src/window.js';

test('numbers run from 1, and each name gets one', () => {
  const day = new Day();
  assert.equal(day.draw('Ada', 0).json.number, 1);
  assert.equal(day.draw('Ada', 0).status, 409);
  assert.equal(day.draw('Grace', 0).json.number, 2);
});
