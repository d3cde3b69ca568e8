import { createServer } from 'node:http';
import { addGuest, allGuests } from './guests.js';

const answer = (response, status, body) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname === '/health') return answer(response, 200, { ok: true });
  if (pathname !== '/guests') return answer(response, 404, { error: 'not found' });
  if (request.method === 'GET') return answer(response, 200, allGuests());
  let text = '';
  for await (const chunk of request) text += chunk;
  answer(response, 200, addGuest(JSON.parse(text)));
}).listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
