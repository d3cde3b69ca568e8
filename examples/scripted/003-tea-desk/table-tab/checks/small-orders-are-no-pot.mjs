import { randomUUID } from 'node:crypto';

export default async function check(kit) {
  const { assert } = kit;
  const table = `table-${randomUUID()}`;
  for (const tea of ['sencha', 'sencha']) {
    const taken = await kit.post('/orders', { json: { tea, cups: 2, table } });
    assert.equal(taken.status, 201);
  }
  const tab = await kit.get(`/tabs/${table}`);
  assert.equal(tab.status, 200);
  assert.deepEqual([tab.json().cups, tab.json().pence], [4, 1120]);
}
