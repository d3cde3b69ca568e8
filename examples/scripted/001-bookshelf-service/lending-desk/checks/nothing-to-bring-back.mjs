import { randomUUID } from 'node:crypto';

export default async function check(kit) {
  const { assert } = kit;
  const added = await kit.post('/books', { json: { title: randomUUID(), author: 'Ursula' } });
  const loan = `/books/${added.json().id}/loan`;
  const refused = await kit.delete(loan);
  assert.equal(refused.status, 409);
  assert.equal(typeof refused.json().error, 'string');

  const lent = await kit.post(loan, { json: { reader: 'Ada' } });
  assert.equal(lent.status, 201);
  assert.equal(lent.json().timesLent, 1);
}
