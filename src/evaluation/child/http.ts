import { once } from 'node:events';
import http from 'node:http';
import { text as read } from 'node:stream/consumers';
import { Misuse } from './channel.ts';

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, with its content type. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly body?: string | Uint8Array;
  readonly timeoutMs?: number;
  /** Follow redirects; otherwise they are answers like others. */
  readonly follow?: boolean;
}

/** What the product answered. */
export interface KitResponse {
  readonly status: number;
  readonly ok: boolean;
  /** Lower-case names; `headers.get(name)` works as well. */
  readonly headers: Readonly<Record<string, string>> & { get(name: string): string | null };
  /** One entry per `set-cookie` header. */
  readonly cookies: readonly string[];
  readonly text: string;
  json(): unknown;
}

/** Default time for one answer, ms. */
const TIMEOUT_MS = 10_000;

/** Where the product is and how it is spoken to. */
export interface Line {
  /** Null when the product has no service. */
  readonly base: string | null;
  /** Longest wait for one answer, ms, whatever the check asks for. */
  readonly patienceMs: number;
  /** Sent as `user-agent` unless the check has one of its own. */
  readonly client: string | null;
}

interface Asked {
  readonly method: string;
  readonly path: string;
}

export async function request(
  { base, patienceMs, client }: Line,
  { method, path }: Asked,
  options: RequestOptions = {},
): Promise<KitResponse> {
  const url = urlOf(base, path);
  const timeoutMs = Math.min(options.timeoutMs ?? TIMEOUT_MS, patienceMs);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const send = options.follow === true ? following : plainly;
    const { status, headers, cookies, text } = await send(url, {
      method,
      signal,
      ...payload({ ...options, headers: asClient(client, options.headers) }),
    });
    return answer({ status, headers, cookies, text }, `${method} ${path}`);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Error(`${method} ${path} gave no answer within ${timeoutMs} ms`, { cause: error });
  }
}

interface Request {
  readonly method: string;
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

interface Raw {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly cookies: readonly string[];
  readonly text: string;
}

/** Node's own client: it starts faster than `fetch` and sends what it is told, a body with GET included. */
async function plainly(url: string, { method, signal, headers, body }: Request): Promise<Raw> {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const sent = http.request(url, { method, signal, headers: { ...length, ...headers } });
  // After the answer has begun nobody waits for the rest of the body to go out; before, `once` rejects.
  sent.on('error', () => undefined);
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [http.IncomingMessage];
  const text = await read(response);
  const received = Object.entries(response.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(received) as Record<string, string>,
    cookies: response.headers['set-cookie'] ?? [],
    text,
  };
}

/** `fetch` knows how redirects are followed, and when to stop. */
async function following(url: string, { body, ...rest }: Request): Promise<Raw> {
  const response = await fetch(url, {
    ...rest,
    ...(body !== undefined && { body: body as string }),
  });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    cookies: response.headers.getSetCookie(),
    text: await response.text(),
  };
}

/** A path on the product. Scenarios may say `http://localhost:3000/x`; that is the product too, whatever port it has today. */
export function urlOf(base: string | null, path: string): string {
  if (base === null) throw new Misuse('the check uses HTTP, but this product has no service');
  if (typeof path !== 'string') throw new Misuse('the path of a request must be text');
  if (!/^[a-z]+:\/\//i.test(path)) return base + (path.startsWith('/') ? path : `/${path}`);
  if (!URL.canParse(path)) throw new Misuse(`${path} is not a URL`);
  const absolute = new URL(path);
  const local = ['localhost', '127.0.0.1', '[::1]', '0.0.0.0'].includes(absolute.hostname);
  if (!local) throw new Misuse(`the check talks to ${absolute.hostname}, which is not the product`);
  return base + absolute.pathname + absolute.search;
}

function asClient(client: string | null, headers: RequestOptions['headers'] = {}) {
  const named = Object.keys(headers).some((name) => name.toLowerCase() === 'user-agent');
  return client === null || named ? headers : { 'user-agent': client, ...headers };
}

function payload({ headers = {}, json, body }: RequestOptions): Pick<Request, 'headers' | 'body'> {
  if (json === undefined) return { headers, body };
  const named = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return {
    headers: named ? headers : { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(json),
  };
}

function answer({ status, headers, cookies, text }: Raw, what: string): KitResponse {
  Object.defineProperty(headers, 'get', {
    value: (name: string) => headers[name.toLowerCase()] ?? null,
  });
  return {
    status,
    ok: status >= 200 && status < 300,
    headers: headers as KitResponse['headers'],
    cookies,
    text,
    json: () => {
      try {
        return JSON.parse(text) as unknown;
      } catch (error) {
        throw new Error(`the answer to ${what} is not JSON`, { cause: error });
      }
    },
  };
}
