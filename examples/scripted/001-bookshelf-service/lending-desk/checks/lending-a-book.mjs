import { randomUUID } from 'node:crypto';

export default async function check(kit) {
  const { assert } = kit;
  const added = await kit.post('/books', { json: { title: randomUUID(), author: 'Ursula' } });
  const loan = `/books/${added.json().id}/loan`;
  const before = (await kit.get(loan)).json();
  assert.deepEqual([before.lent, before.reader, before.timesLent], [false, null, 0]);

  const lent = await kit.post(loan, { json: { reader: 'Ada' } });
  assert.equal(lent.status, 201);
  for (const card of [lent.json(), (await kit.get(loan)).json()]) {
    assert.deepEqual([card.lent, card.reader, card.timesLent], [true, 'Ada', 1]);
  }

  const nowhere = `/books/${randomUUID()}/loan`;
  assert.equal((await kit.post(nowhere, { json: { reader: 'Ada' } })).status, 404);
}
