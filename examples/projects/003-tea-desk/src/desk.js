import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { Refusal } from './refusal.js';

const folder = new URL('../routes/', import.meta.url);

/** The desk as an `http.Server` that does not listen yet, with the routes of every file in `routes/`. */
export async function openDesk() {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  const modules = await Promise.all(files.map((name) => import(new URL(name, folder))));
  const routes = modules.flatMap((module) => module.routes);

  return createServer(async (request, response) => {
    const { status, json, text, headers } = await answer(routes, request).catch(explain);
    const type = text === undefined ? 'application/json' : 'text/plain; charset=utf-8';
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(text ?? JSON.stringify(json));
  });
}

async function answer(routes, request) {
  const { pathname, searchParams: query } = new URL(request.url, 'http://desk');
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  for (const { method, path, handle } of routes) {
    const params = method === request.method && paramsOf(path, pathname);
    if (params) return handle({ params, query, body });
  }
  throw new Refusal(404, `The desk cannot ${request.method} ${pathname}.`);
}

function paramsOf(path, pathname) {
  const pattern = path.replace(/:(\w+)/g, '(?<$1>[^/]+)');
  const found = new RegExp(`^${pattern}$`).exec(pathname);
  if (!found) return null;
  try {
    const entries = Object.entries(found.groups ?? {});
    return Object.fromEntries(entries.map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    throw new Refusal(400, 'The address is not properly encoded.');
  }
}

function explain(error) {
  if (error instanceof Refusal) {
    return { status: error.status, json: { error: error.message, ...error.more } };
  }
  console.error(error);
  return { status: 500, json: { error: 'The desk is upset.' } };
}
