import { randomUUID } from 'node:crypto';

export default async function check(kit) {
  const { assert } = kit;
  const kettle = `kettle-${randomUUID()}`;
  const wish = { tea: 'sencha', cups: 1, table: 'door', kettle };
  const { id } = (await kit.post('/orders', { json: wish })).json();
  assert.equal((await kit.post(`/kettles/${kettle}/next`)).status, 200);

  assert.equal((await kit.get(`/orders/${id}`)).json().status, 'served');
  assert.deepEqual((await kit.get(`/kettles/${kettle}/queue`)).json().waiting, []);
  assert.equal((await kit.post(`/kettles/${kettle}/next`)).status, 409);
}
