import assert from 'node:assert/strict';
import test from 'node:test';
import { routes } from '../routes/tabs.js';
import { addOrder } from '../src/orders.js';

const [{ handle: show }] = routes;

test('a table pays for its own orders, one by one', () => {
  addOrder({ tea: 'assam', cups: 2, table: 'door', kettle: 'big' });
  addOrder({ tea: 'assam', cups: 2, table: 'door', kettle: 'big' }).status = 'served';
  addOrder({ tea: 'sencha', cups: 1, table: 'window', kettle: 'big' });
  assert.deepEqual(show({ params: { table: 'door' } }).json, {
    table: 'door',
    orders: 2,
    cups: 4,
    waiting: 1,
    pence: 1000,
    total: '£10.00',
  });
});

test('a table that never ordered owes nothing', () => {
  assert.equal(show({ params: { table: 'cellar' } }).json.total, '£0.00');
});
