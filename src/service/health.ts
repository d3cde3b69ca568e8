import { get } from 'node:http';
import type { RequestOptions } from 'node:http';
import type { Address } from './ports.ts';
import { isOpen } from './ports.ts';

const CONVENTIONS = ['/health', '/healthz', '/api/health', '/'] as const;
const ANSWER_MS = 5000;

/** What one question about health said; `observed` completes "its health check …". */
export type Health =
  { readonly healthy: true } | { readonly healthy: false; readonly observed: string };

const WELL: Health = { healthy: true };

/**
 * Asks once. A declared path must answer 2xx or 3xx. Without one, the usual paths are tried: a health route that answers 5xx
 * means "not yet", any 2xx or 3xx means well, and a port that accepts connections is well enough for everything else.
 */
export async function askHealth(address: Address, declared: string | null): Promise<Health> {
  if (declared !== null) {
    const answer = await statusOf(address, declared);
    if (typeof answer === 'string') return { healthy: false, observed: answer };
    return isWell(answer) ? WELL : { healthy: false, observed: `returned status ${answer}` };
  }
  for (const path of CONVENTIONS) {
    const answer = await statusOf(address, path);
    // No HTTP, or a slow one: only the port tells.
    if (typeof answer === 'string') break;
    if (isWell(answer)) return WELL;
    if (path !== '/' && answer >= 500 && answer !== 501) {
      return { healthy: false, observed: `returned status ${answer}` };
    }
  }
  return (await isOpen(address)) ? WELL : { healthy: false, observed: 'could not connect' };
}

const isWell = (status: number) => status >= 200 && status < 400;

/** Status of a GET, or what went wrong in words. */
function statusOf({ host, port, connect }: Address, path: string): Promise<number | string> {
  const way = connect === undefined ? { agent: false } : { createConnection: by(connect) };
  return new Promise((resolve) => {
    const request = get({ host, port, path, timeout: ANSWER_MS, ...way }, (response) => {
      resolve(response.statusCode ?? 0);
      // The body may be endless: only its status was asked for.
      response.destroy();
    });
    request.once('timeout', () => {
      resolve('got no answer in time');
      request.destroy();
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code === 'ECONNREFUSED' ? 'could not connect' : 'got no HTTP answer');
    });
  });
}

/** As Node's client wants it: asynchronously, by the callback. */
const by =
  (connect: NonNullable<Address['connect']>): RequestOptions['createConnection'] =>
  (_options, made) => {
    connect().then(
      (socket) => made(null, socket),
      (error: Error) => made(error, undefined as never),
    );
    return undefined;
  };
