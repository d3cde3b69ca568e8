import { randomUUID } from 'node:crypto';

export default async function check(kit) {
  const { assert } = kit;
  const unknown = await kit.get(`/orders/${randomUUID()}`);
  assert.equal(unknown.status, 404);
  assert.equal(typeof unknown.json().error, 'string');

  const broken = await kit.post('/orders', { body: 'two sencha, please' });
  assert.equal(broken.status, 400);
  assert.equal(typeof broken.json().error, 'string');
}
