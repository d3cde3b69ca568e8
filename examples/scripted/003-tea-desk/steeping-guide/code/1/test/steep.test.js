import assert from 'node:assert/strict';
import test from 'node:test';
import { steepingTime } from '../src/steep.js';

test('the second cup costs no time, the third does', () => {
  assert.deepEqual(
    [1, 2, 3].map((cups) => steepingTime('green', cups)),
    [120, 120, 135],
  );
});

test('no pot takes more than a minute longer', () => {
  assert.equal(steepingTime('herbal', 8), 360);
});

test('an unknown kind is refused', () => {
  assert.throws(() => steepingTime('toString'), RangeError);
});
