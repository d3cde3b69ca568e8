import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { all, pin } from './notes.js';

const file = (name) => readFileSync(new URL(name, import.meta.url));
const FILES = {
  '/': { type: 'text/html; charset=utf-8', body: file('board.html') },
  '/board.js': { type: 'text/javascript', body: file('board.js') },
};

const server = createServer(async (request, response) => {
  const { [request.url]: known } = FILES;
  if (known !== undefined) return response.setHeader('content-type', known.type).end(known.body);
  if (request.url !== '/notes') return response.writeHead(404).end();
  if (request.method === 'POST') {
    const note = await text(request);
    if (note.trim() !== '') pin(note);
  }
  response.setHeader('content-type', 'application/json').end(JSON.stringify(all()));
});
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
