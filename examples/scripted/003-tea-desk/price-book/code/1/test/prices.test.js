import assert from 'node:assert/strict';
import test from 'node:test';
import { formatPence, priceOf } from '../src/prices.js';

test('three cups are three cups, four are a pot', () => {
  assert.equal(priceOf('assam', 3), 750);
  assert.equal(priceOf('assam', 4), 900);
});

test('single pence keep their zero', () => {
  assert.equal(formatPence(305), '£3.05');
});

test('money is never a fraction of a penny', () => {
  assert.throws(() => formatPence(0.5), RangeError);
});
