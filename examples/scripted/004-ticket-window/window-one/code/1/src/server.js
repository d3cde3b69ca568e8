import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { Day } from './window.js';

let day = new Day();

async function answer(request) {
  const asked = `${request.method} ${request.url}`;
  if (asked === 'GET /health') return { status: 200, json: { status: 'ok' } };
  if (asked === 'POST /closing') {
    day = new Day();
    return { status: 204 };
  }
  if (asked !== 'POST /tickets') return { status: 404, json: { error: 'There is nothing here.' } };
  const body = await json(request).catch(() => null);
  return day.draw(body?.name, Date.now());
}

const server = createServer(async (request, response) => {
  const { status, json: body, headers = {} } = await answer(request);
  response.writeHead(status, body === undefined ? headers : { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
});
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
