import { findBook } from '../src/books.js';
import { HttpError } from '../src/http-error.js';

/** Book id → its loan card. A book that was never lent has none yet. */
const cards = new Map();

export const routes = [
  { method: 'GET', path: '/books/:id/loan', handle: showCard },
  { method: 'POST', path: '/books/:id/loan', handle: lend },
  { method: 'DELETE', path: '/books/:id/loan', handle: takeBack },
];

function showCard({ params }) {
  return { status: 200, json: cardOf(findBook(params.id)) };
}

function lend({ params, body }) {
  const card = cardOf(findBook(params.id));
  const reader = readerOf(body);
  if (card.lent) throw new HttpError(409, `${card.reader} has this book.`);
  const lent = { ...card, lent: true, reader, timesLent: card.timesLent + 1 };
  cards.set(card.book, lent);
  return { status: 201, json: lent };
}

function takeBack({ params }) {
  const card = cardOf(findBook(params.id));
  if (!card.lent) throw new HttpError(409, 'This book is on the shelf already.');
  cards.set(card.book, { ...card, lent: false, reader: null });
  return { status: 204 };
}

function cardOf(book) {
  return cards.get(book.id) ?? { book: book.id, lent: false, reader: null, timesLent: 0 };
}

function readerOf({ reader }) {
  if (typeof reader === 'string' && reader.trim() !== '') return reader.trim();
  throw new HttpError(400, 'Please say who the reader is.');
}
