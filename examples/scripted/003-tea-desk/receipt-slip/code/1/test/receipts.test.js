import assert from 'node:assert/strict';
import test from 'node:test';
import { routes } from '../routes/receipts.js';
import { addOrder } from '../src/orders.js';

const [{ handle: print }] = routes;
const slipFor = (cups) => {
  const { id } = addOrder({ tea: 'darjeeling', cups, table: 'door', kettle: 'big' });
  return print({ params: { id } }).text.split('\n');
};

test('items and total are forty columns wide', () => {
  const [, item, rule, total] = slipFor(3);
  assert.equal(item, '3 x darjeeling                     £9.30');
  assert.equal(rule, '-'.repeat(40));
  assert.equal(total, 'Total                              £9.30');
});

test('a pot says so', () => {
  assert.equal(slipFor(4)[2], '(pot, 10% off)');
});
