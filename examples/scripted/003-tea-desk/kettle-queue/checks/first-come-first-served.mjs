import { randomUUID } from 'node:crypto';

export default async function check(kit) {
  const { assert } = kit;
  const kettle = `kettle-${randomUUID()}`;
  const order = async (tea, cups) => {
    const taken = await kit.post('/orders', { json: { tea, cups, table: 'door', kettle } });
    assert.equal(taken.status, 201);
    return taken.json().id;
  };
  const first = { order: await order('assam', 4), tea: 'assam', cups: 4, seconds: 270 };
  const second = { order: await order('chamomile', 1), tea: 'chamomile', cups: 1, seconds: 300 };

  const queue = await kit.get(`/kettles/${kettle}/queue`);
  assert.equal(queue.status, 200);
  assert.deepEqual(queue.json().waiting, [first, second]);
  for (const entry of [first, second]) {
    const next = await kit.post(`/kettles/${kettle}/next`);
    assert.equal(next.status, 200);
    assert.deepEqual(next.json(), entry);
  }
}
