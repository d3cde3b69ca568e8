import { randomUUID } from 'node:crypto';

export default async function check(kit) {
  const { assert } = kit;
  const added = await kit.post('/books', { json: { title: randomUUID(), author: 'Ursula' } });
  const loan = `/books/${added.json().id}/loan`;
  assert.equal((await kit.post(loan, { json: { reader: 'Ada' } })).status, 201);

  const second = await kit.post(loan, { json: { reader: 'Blaise' } });
  assert.equal(second.status, 409);
  assert.equal(typeof second.json().error, 'string');
  const card = (await kit.get(loan)).json();
  assert.deepEqual([card.lent, card.reader, card.timesLent], [true, 'Ada', 1]);
}
