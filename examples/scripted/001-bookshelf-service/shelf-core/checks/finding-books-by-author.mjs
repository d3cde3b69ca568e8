import { randomUUID } from 'node:crypto';

export default async function check(kit) {
  const { assert } = kit;
  const author = `Writer ${randomUUID()}`;
  for (const title of ['Mountains', 'Anemones', 'Zebras']) {
    assert.equal((await kit.post('/books', { json: { title, author } })).status, 201);
  }
  const found = await kit.get(`/books?author=${encodeURIComponent(author.toUpperCase())}`);
  assert.equal(found.status, 200);
  assert.equal(found.json().count, 3);
  assert.deepEqual(
    found.json().books.map((book) => book.title),
    ['Anemones', 'Mountains', 'Zebras'],
  );

  const nobody = await kit.get(`/books?author=${randomUUID()}`);
  assert.equal(nobody.status, 200);
  assert.equal(nobody.json().count, 0);
  assert.deepEqual(nobody.json().books, []);
}
