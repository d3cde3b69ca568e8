import assert from 'node:assert/strict';
import test from 'node:test';
import { routes } from '../routes/loans.js';
import { books } from '../src/books.js';

const call = (method, id, body) =>
  routes.find((route) => route.method === method).handle({ params: { id }, body });

test('a lent book knows its reader', () => {
  const { id } = books.add({ title: 'Solaris', author: 'Stanisław Lem', year: null });
  const answer = call('POST', id, { reader: ' Ada ' });
  assert.equal(answer.status, 201);
  assert.deepEqual(answer.json, { book: id, lent: true, reader: 'Ada', timesLent: 1 });
});

test('a book that came back is on the shelf, and the count stays', () => {
  const { id } = books.add({ title: 'Momo', author: 'Michael Ende', year: 1973 });
  call('POST', id, { reader: 'Ada' });
  assert.equal(call('DELETE', id).status, 204);
  assert.deepEqual(call('GET', id).json, { book: id, lent: false, reader: null, timesLent: 1 });
});

test('a loan needs a reader', () => {
  const { id } = books.add({ title: 'Emil', author: 'Erich Kästner', year: 1929 });
  assert.throws(() => call('POST', id, { reader: ' ' }), { status: 400 });
});

test('an unknown book cannot be lent', () => {
  assert.throws(() => call('POST', 'b0', { reader: 'Ada' }), { status: 404 });
});

test('a book that is out stays with its reader', () => {
  const { id } = books.add({ title: 'Comet in Moominland', author: 'Tove Jansson', year: 1946 });
  call('POST', id, { reader: 'Ada' });
  assert.throws(() => call('POST', id, { reader: 'Blaise' }), { status: 409 });
  assert.equal(call('GET', id).json.reader, 'Ada');
});

test('a book on the shelf cannot come back', () => {
  const { id } = books.add({ title: 'Krabat', author: 'Otfried Preußler', year: 1971 });
  assert.throws(() => call('DELETE', id), { status: 409 });
});
