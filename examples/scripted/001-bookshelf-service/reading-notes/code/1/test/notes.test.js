import assert from 'node:assert/strict';
import test from 'node:test';
import { routes } from '../routes/notes.js';
import { books } from '../src/books.js';

const [list, leave] = routes.map(({ handle }) => handle);
const newBook = () => ({ id: books.add({ title: 'Momo', author: 'Michael Ende', year: 1973 }).id });

test('a book without notes has no average', () => {
  assert.deepEqual(list({ params: newBook() }).json, { count: 0, average: null, notes: [] });
});

test('notes are listed newest first, with their average', () => {
  const params = newBook();
  leave({ params, body: { reader: 'Ada', stars: 4 } });
  leave({ params, body: { reader: 'Blaise', stars: 5, text: 'Again!' } });
  const { average, notes } = list({ params }).json;
  assert.equal(average, 4.5);
  assert.deepEqual(
    notes.map((note) => note.reader),
    ['Blaise', 'Ada'],
  );
});

test('bad fields are named, and nothing is kept', () => {
  const params = newBook();
  const bad = { reader: '', stars: '4' };
  assert.throws(() => leave({ params, body: bad }), {
    status: 400,
    more: { fields: ['reader', 'stars'] },
  });
  assert.equal(list({ params }).json.count, 0);
});
