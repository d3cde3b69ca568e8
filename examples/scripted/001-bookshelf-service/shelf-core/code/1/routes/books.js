import { books, findBook } from '../src/books.js';
import { HttpError } from '../src/http-error.js';

export const routes = [
  { method: 'GET', path: '/books', handle: listBooks },
  { method: 'POST', path: '/books', handle: addBook },
  {
    method: 'GET',
    path: '/books/:id',
    handle: ({ params }) => ({ status: 200, json: findBook(params.id) }),
  },
];

function listBooks({ query }) {
  const author = query.get('author')?.toLowerCase();
  const found = books
    .all()
    .filter((book) => author === undefined || book.author.toLowerCase() === author)
    .sort((one, other) => one.title.localeCompare(other.title));
  return { status: 200, json: { count: found.length, books: found } };
}

function addBook({ body }) {
  const { title, author, year = null } = body;
  const fields = [
    ...(isText(title) ? [] : ['title']),
    ...(isText(author) ? [] : ['author']),
    ...(year === null || Number.isInteger(year) ? [] : ['year']),
  ];
  if (fields.length > 0)
    throw new HttpError(400, `Please check: ${fields.join(', ')}.`, { fields });

  const book = books.add({ title: title.trim(), author: author.trim(), year });
  return { status: 201, json: book, headers: { location: `/books/${book.id}` } };
}

const isText = (value) => typeof value === 'string' && value.trim() !== '';
