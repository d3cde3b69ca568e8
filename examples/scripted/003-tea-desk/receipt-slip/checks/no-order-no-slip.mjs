import { randomUUID } from 'node:crypto';

export default async function check(kit) {
  const { assert } = kit;
  const wish = { tea: 'assam', cups: 1, table: 'door' };
  const { id } = (await kit.post('/orders', { json: wish })).json();
  assert.equal((await kit.get(`/orders/${id}/receipt`)).status, 200);

  const slip = await kit.get(`/orders/${randomUUID()}/receipt`);
  assert.equal(slip.status, 404);
  assert.equal(typeof slip.json().error, 'string');
}
