import { randomUUID } from 'node:crypto';

export default async function check(kit) {
  const { assert } = kit;
  const author = `Writer ${randomUUID()}`;
  const refused = await kit.post('/books', { json: { author, year: 'soon' } });
  assert.equal(refused.status, 400);
  assert.equal(typeof refused.json().error, 'string');
  assert.deepEqual(refused.json().fields, ['title', 'year']);

  const found = await kit.get(`/books?author=${encodeURIComponent(author)}`);
  assert.equal(found.json().count, 0);
}
