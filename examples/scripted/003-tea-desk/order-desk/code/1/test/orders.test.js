import assert from 'node:assert/strict';
import test from 'node:test';
import { routes } from '../routes/orders.js';
import { allOrders } from '../src/orders.js';

const [take] = routes.map(({ handle }) => handle);
const order = (fields) => take({ body: JSON.stringify(fields) });

test('one cup at the big kettle unless the guest says otherwise', () => {
  const { status, json } = order({ tea: 'assam', table: 'door' });
  assert.equal(status, 201);
  assert.deepEqual([json.cups, json.kettle, json.status], [1, 'big', 'waiting']);
});

test('a guest cannot choose id or status', () => {
  const { json } = order({ tea: 'assam', table: 'door', id: '1', status: 'served' });
  assert.notEqual(json.id, '1');
  assert.equal(json.status, 'waiting');
});

test('bad fields are named and nothing is kept', () => {
  const before = allOrders().length;
  assert.throws(() => order({ tea: 'cola', cups: 0, table: ' ', kettle: 7 }), {
    status: 400,
    more: { fields: ['tea', 'cups', 'table', 'kettle'] },
  });
  assert.equal(allOrders().length, before);
});

test('a list is no order', () => {
  assert.throws(() => order([]), { status: 400 });
});
