import assert from 'node:assert/strict';
import test from 'node:test';
import { routes } from '../routes/kettles.js';
import { addOrder } from '../src/orders.js';

const [queue, next] = routes.map(({ handle }) => handle);

test('the first order is taken off first, and served', () => {
  const params = { name: 'copper' };
  const first = addOrder({ tea: 'assam', cups: 3, table: 'door', kettle: 'copper' });
  addOrder({ tea: 'sencha', cups: 1, table: 'door', kettle: 'copper' });
  addOrder({ tea: 'sencha', cups: 1, table: 'door', kettle: 'iron' });
  assert.deepEqual(next({ params }).json, {
    order: first.id,
    tea: 'assam',
    cups: 3,
    seconds: 255,
  });
  assert.equal(first.status, 'served');
  assert.equal(queue({ params }).json.waiting.length, 1);
});

test('nobody is taken off an idle kettle', () => {
  assert.throws(() => next({ params: { name: 'cold' } }), { status: 409 });
});
