import { HttpError } from './http-error.js';
import { Table } from './store.js';

export const books = new Table('b');

/** The book, or the 404 that every resource below a book answers with. */
export function findBook(id) {
  const book = books.get(id);
  if (!book) throw new HttpError(404, `There is no book ${id}.`);
  return book;
}
