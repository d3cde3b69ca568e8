import { randomUUID } from 'node:crypto';

export default async function check(kit) {
  const { assert } = kit;
  const sent = { title: `Solaris ${randomUUID()}`, author: 'Stanisław Lem', year: 1961 };
  const added = await kit.post('/books', { json: sent });
  assert.equal(added.status, 201);
  const book = added.json();
  assert.ok(book.id);
  assert.deepEqual({ title: book.title, author: book.author, year: book.year }, sent);
  assert.equal(added.headers.location, `/books/${book.id}`);

  const found = await kit.get(added.headers.location);
  assert.equal(found.status, 200);
  assert.deepEqual(found.json(), book);
}
