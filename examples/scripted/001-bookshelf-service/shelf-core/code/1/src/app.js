import { createServer } from 'node:http';
import { HttpError } from './http-error.js';
import { findRoute, loadRoutes } from './router.js';

/** The bookshelf as an `http.Server` that does not listen yet. */
export async function createApp() {
  const routes = await loadRoutes(new URL('../routes/', import.meta.url));
  return createServer(async (request, response) => {
    const { status, json, headers } = await answer(routes, request).catch(explain);
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
    response.end(json === undefined ? undefined : JSON.stringify(json));
  });
}

async function answer(routes, request) {
  const url = new URL(request.url, 'http://shelf');
  const { route, params } = findRoute(routes, request.method, url.pathname);
  const body = ['POST', 'PUT', 'PATCH'].includes(request.method) ? await readJson(request) : null;
  return route.handle({ params, query: url.searchParams, body });
}

async function readJson(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  let body = null;
  try {
    body = JSON.parse(text);
  } catch {
    throw new HttpError(400, 'The body is not JSON.');
  }
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    throw new HttpError(400, 'The body must be a JSON object.');
  }
  return body;
}

function explain(error) {
  if (!(error instanceof HttpError)) return { status: 500, json: { error: 'Something broke.' } };
  const { headers, ...more } = error.more;
  return { status: error.status, json: { error: error.message, ...more }, headers };
}
