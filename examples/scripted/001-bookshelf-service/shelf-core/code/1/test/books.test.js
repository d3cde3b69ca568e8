import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { createApp } from '../src/app.js';

let app;
let url;
before(async () => {
  app = await createApp();
  await new Promise((resolve) => app.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${app.address().port}`;
});
after(() => app.close());

const add = (book) => fetch(`${url}/books`, { method: 'POST', body: JSON.stringify(book) });

test('a book gets an id and an address', async () => {
  const answer = await add({ title: ' Solaris ', author: 'Stanisław Lem' });
  const book = await answer.json();
  assert.equal(answer.status, 201);
  assert.deepEqual(book, { id: book.id, title: 'Solaris', author: 'Stanisław Lem', year: null });
  assert.equal(answer.headers.get('location'), `/books/${book.id}`);
});

test('bad fields are named in order', async () => {
  const answer = await add({ author: ' ', year: 1.5 });
  assert.equal(answer.status, 400);
  assert.deepEqual((await answer.json()).fields, ['title', 'author', 'year']);
});

test('a list where an object should be is refused', async () => {
  assert.equal((await add([])).status, 400);
});

test('other methods are told what is allowed', async () => {
  const answer = await fetch(`${url}/books`, { method: 'PUT', body: '{}' });
  assert.equal(answer.status, 405);
  assert.equal(answer.headers.get('allow'), 'GET, POST');
});
