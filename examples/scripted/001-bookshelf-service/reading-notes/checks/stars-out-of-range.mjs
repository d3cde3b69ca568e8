import { randomUUID } from 'node:crypto';

export default async function check(kit) {
  const { assert } = kit;
  const added = await kit.post('/books', { json: { title: randomUUID(), author: 'Ursula' } });
  const path = `/books/${added.json().id}/notes`;
  assert.equal((await kit.post(path, { json: { reader: 'Ada', stars: 3 } })).status, 201);

  for (const stars of [0, 6, 2.5, '4']) {
    const refused = await kit.post(path, { json: { reader: 'Blaise', stars } });
    assert.equal(refused.status, 400);
    assert.deepEqual(refused.json().fields, ['stars']);
  }
  const { count, average } = (await kit.get(path)).json();
  assert.deepEqual([count, average], [1, 3]);
}
