import { readdir } from 'node:fs/promises';
import { HttpError } from './http-error.js';

/** Every route of every file in `folder` (a URL ending in `/`), in the order of the file names. */
export async function loadRoutes(folder) {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.js')).sort();
  const modules = await Promise.all(files.map((name) => import(new URL(name, folder))));
  return modules.flatMap((module) => module.routes);
}

/** The route for a request and the parameters in its path; throws 404 or 405. */
export function findRoute(routes, method, pathname) {
  const here = routes.flatMap((route) => {
    const params = matchPath(route.path, pathname);
    return params ? [{ route, params }] : [];
  });
  if (here.length === 0) throw new HttpError(404, `There is nothing at ${pathname}.`);

  const found = here.find(({ route }) => route.method === method);
  if (found) return found;
  const allow = here.map(({ route }) => route.method).join(', ');
  throw new HttpError(405, `${pathname} does not understand ${method}.`, { headers: { allow } });
}

function matchPath(pattern, pathname) {
  const wanted = pattern.split('/');
  const given = pathname.split('/');
  if (wanted.length !== given.length) return null;
  const params = {};
  for (const [at, part] of wanted.entries()) {
    if (part.startsWith(':')) params[part.slice(1)] = decode(given[at]);
    else if (part !== given[at]) return null;
  }
  return params;
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new HttpError(400, 'The address is not properly encoded.');
  }
}
