import { createServer } from 'node:http';
import { addGuest, allGuests } from './guests.js';

const answer = (response, status, body) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  if (pathname === '/health') return answer(response, 200, { ok: true });
  if (pathname !== '/guests') return answer(response, 404, { error: 'not found' });
  if (request.method === 'GET') {
    const city = searchParams.get('city');
    const wanted = (guest) => city === null || guest.city?.toLowerCase() === city.toLowerCase();
    return answer(response, 200, allGuests().filter(wanted));
  }
  let text = '';
  for await (const chunk of request) text += chunk;
  const { name, city } = JSON.parse(text);
  if (typeof name !== 'string' || name.trim() === '')
    return answer(response, 400, { error: 'name is required' });
  answer(response, 201, addGuest({ name, city }));
}).listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
