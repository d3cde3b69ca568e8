import { randomUUID } from 'node:crypto';

export default async function check(kit) {
  const { assert } = kit;
  const added = await kit.post('/books', { json: { title: randomUUID(), author: 'Ursula' } });
  const path = `/books/${added.json().id}/notes`;
  const sent = [
    { reader: 'Ada', stars: 4, text: 'Quiet.' },
    { reader: 'Blaise', stars: 5 },
  ];
  for (const note of sent) {
    const left = await kit.post(path, { json: note });
    assert.equal(left.status, 201);
    assert.ok(left.json().id);
    assert.equal(left.json().reader, note.reader);
    assert.equal(left.json().stars, note.stars);
  }

  const { count, notes } = (await kit.get(path)).json();
  assert.equal(count, 2);
  assert.deepEqual(
    notes.map((note) => [note.reader, note.text]),
    [
      ['Blaise', ''],
      ['Ada', 'Quiet.'],
    ],
  );
  assert.equal((await kit.post(`/books/${randomUUID()}/notes`, { json: sent[0] })).status, 404);
}
