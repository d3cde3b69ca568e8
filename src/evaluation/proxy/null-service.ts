import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NullAnswer } from '../../domain/index.ts';
import { unreachable } from '../../domain/index.ts';
import type { RecordingProxy } from './proxy.ts';
import { createProxy } from './proxy.ts';

/** A product that is none: it answers everything in one and the same way, behind a recording proxy like any other. */
export interface NullService {
  readonly proxy: RecordingProxy;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Answers that concern a service; a product of commands and exports alone has the others. */
export const SERVICE_ANSWERS = ['hang', 'refusal', '404', '500', 'empty', '{}'] as const;
export const PROGRAM_ANSWERS = ['hang', 'missing', 'silent'] as const;

/** `socket`: where checks in a sandbox reach it. */
export async function nullService(answer: NullAnswer, socket?: string): Promise<NullService> {
  const proxy = await createProxy(socket);
  const respond = listenerFor(answer);
  if (respond === null) return { proxy, close: () => proxy.close() };
  const server = createServer(respond).listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy.point({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  return {
    proxy,
    close: async () => {
      await proxy.close();
      await stop(server);
    },
  };
}

/** Null: nothing listens. */
function listenerFor(answer: NullAnswer): RequestListener | null {
  const constant =
    (status: number, body: string, type: string): RequestListener =>
    (request, response) => {
      request.resume();
      response.writeHead(status, { 'content-type': type }).end(body);
    };
  switch (answer) {
    case '404':
      return constant(404, 'Not Found\n', 'text/plain');
    case '500':
      return constant(500, 'Internal Server Error\n', 'text/plain');
    case 'empty':
      return (request, response) => {
        request.resume();
        response.writeHead(200).end();
      };
    case '{}':
      return constant(200, '{}', 'application/json');
    case 'hang':
      return (request) => void request.resume();
    case 'refusal':
    case 'missing':
    case 'silent':
      return null;
    default:
      return unreachable(answer);
  }
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
