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

export async function request(
  base: string | null,
  target: { readonly method: string; readonly path: string },
  options: RequestOptions = {},
): Promise<KitResponse> {
  const { method, path } = target;
  const url = urlOf(base, path);
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const { headers, body } = payload(options);
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body !== undefined && { body }),
      redirect: options.follow === true ? 'follow' : 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return answer(response, await response.text(), `${method} ${path}`);
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== 'TimeoutError') throw error;
    throw new Error(`${method} ${path} gave no answer within ${timeoutMs} ms`, { cause: error });
  }
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

function payload({ headers = {}, json, body }: RequestOptions) {
  if (json === undefined) return { headers, body: body as string | undefined };
  const named = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return {
    headers: named ? headers : { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(json),
  };
}

function answer(response: Response, text: string, what: string): KitResponse {
  const headers = Object.fromEntries(response.headers);
  Object.defineProperty(headers, 'get', {
    value: (name: string) => headers[name.toLowerCase()] ?? null,
  });
  return {
    status: response.status,
    ok: response.ok,
    headers: headers as KitResponse['headers'],
    cookies: response.headers.getSetCookie(),
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
