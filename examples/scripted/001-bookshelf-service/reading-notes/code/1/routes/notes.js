import { findBook } from '../src/books.js';
import { HttpError } from '../src/http-error.js';
import { Table } from '../src/store.js';

const notes = new Table('n');

export const routes = [
  { method: 'GET', path: '/books/:id/notes', handle: listNotes },
  { method: 'POST', path: '/books/:id/notes', handle: leaveNote },
];

function listNotes({ params }) {
  const { id } = findBook(params.id);
  const found = notes
    .all()
    .filter((note) => note.book === id)
    .reverse();
  const json = { count: found.length, average: averageOf(found), notes: found.map(publicNote) };
  return { status: 200, json };
}

function leaveNote({ params, body }) {
  const book = findBook(params.id);
  const { reader, stars, text = '' } = body;
  const fields = [
    ...(typeof reader === 'string' && reader.trim() !== '' ? [] : ['reader']),
    ...(Number.isInteger(stars) && stars >= 1 && stars <= 5 ? [] : ['stars']),
    ...(typeof text === 'string' ? [] : ['text']),
  ];
  if (fields.length > 0)
    throw new HttpError(400, `Please check: ${fields.join(', ')}.`, { fields });

  const note = notes.add({ book: book.id, reader: reader.trim(), stars, text });
  return { status: 201, json: publicNote(note) };
}

/** The book is in the address already. */
const publicNote = ({ id, reader, stars, text }) => ({ id, reader, stars, text });

function averageOf(found) {
  if (found.length === 0) return null;
  const mean = found.reduce((sum, note) => sum + note.stars, 0) / found.length;
  return Math.round(mean * 10) / 10;
}
