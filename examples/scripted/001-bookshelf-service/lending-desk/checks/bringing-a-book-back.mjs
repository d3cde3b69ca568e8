import { randomUUID } from 'node:crypto';

export default async function check(kit) {
  const { assert } = kit;
  const added = await kit.post('/books', { json: { title: randomUUID(), author: 'Ursula' } });
  const loan = `/books/${added.json().id}/loan`;
  assert.equal((await kit.post(loan, { json: { reader: 'Ada' } })).status, 201);

  assert.equal((await kit.delete(loan)).status, 204);
  const home = (await kit.get(loan)).json();
  assert.deepEqual([home.lent, home.reader, home.timesLent], [false, null, 1]);

  assert.equal((await kit.post(loan, { json: { reader: 'Blaise' } })).status, 201);
  const out = (await kit.get(loan)).json();
  assert.deepEqual([out.lent, out.reader, out.timesLent], [true, 'Blaise', 2]);
}
