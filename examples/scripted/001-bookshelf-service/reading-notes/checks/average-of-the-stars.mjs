import { randomUUID } from 'node:crypto';

export default async function check(kit) {
  const { assert } = kit;
  const added = await kit.post('/books', { json: { title: randomUUID(), author: 'Ursula' } });
  const path = `/books/${added.json().id}/notes`;
  const empty = await kit.get(path);
  assert.equal(empty.status, 200);
  assert.deepEqual(empty.json(), { count: 0, average: null, notes: [] });

  for (const stars of [4, 4, 5]) {
    assert.equal((await kit.post(path, { json: { reader: 'Ada', stars } })).status, 201);
  }
  const { count, average } = (await kit.get(path)).json();
  assert.deepEqual([count, average], [3, 4.3]);
}
