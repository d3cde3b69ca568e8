import { createServer } from 'node:http';
import type { Agent, IncomingMessage, Server, ServerResponse } from 'node:http';
import { chmod } from 'node:fs/promises';
import type { AddressInfo, Socket } from 'node:net';
import { Transform } from 'node:stream';
import type { Duplex } from 'node:stream';
import { createProxyServer } from 'httpxy';
import type { Address } from './target.ts';
import { agentFor, urlOf } from './target.ts';
import type { OpenExchange, Recording } from './traffic.ts';
import { Recorder } from './traffic.ts';

/** Stands between checks and product for the life of a run: one address, whatever serves behind it. */
export interface RecordingProxy {
  readonly host: string;
  readonly port: number;
  /** `http://127.0.0.1:<port>`, without a slash at its end. */
  readonly url: string;
  /** Unix socket that leads to it too, for those who have a network of their own; null when none was asked for. */
  readonly socket: string | null;
  /** Puts a product behind the address, or nothing: then every request is `refused`. */
  point(target: Address | null): void;
  /** Everything that passes from now on. Recordings are independent of each other. */
  record(): Recording;
  /** Ends every connection. Idempotent. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Listens on a free loopback port, and on a unix socket at `path`. Throws when the machine has none. */
export async function createProxy(path?: string): Promise<RecordingProxy> {
  const recorder = new Recorder();
  const wire = new Wire(recorder);
  const server = serverOf(wire);
  await listening(server, { port: 0, host: HOST });
  const beside = path === undefined ? undefined : serverOf(wire);
  if (beside !== undefined && path !== undefined) {
    await listening(beside, { path });
    // Checks may run as another user; the folder keeps everybody else out.
    await chmod(path, 0o666);
  }
  const { port } = server.address() as AddressInfo;
  return {
    host: HOST,
    port,
    url: `http://${HOST}:${port}`,
    socket: path ?? null,
    point: (target) => wire.point(target),
    record: () => recorder.record(),
    async close() {
      const servers = beside === undefined ? [server] : [server, beside];
      await Promise.all(servers.map((each) => close(each, wire.sockets)));
    },
  };
}

function serverOf(wire: Wire): Server {
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, wire.web);
  server.on('upgrade', wire.upgrade);
  // A peer that goes away in the middle of an answer is recorded, never our crash.
  server.on('connection', (socket) => socket.on('error', () => socket.destroy()));
  return server;
}

const listening = (server: Server, at: { port: number; host: string } | { path: string }) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, resolve);
  });

async function close(server: Server, upgraded: ReadonlySet<Duplex>): Promise<void> {
  for (const socket of upgraded) socket.destroy();
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeAllConnections();
  await closed;
}

/** Passes requests on and writes down what happens to them. */
class Wire {
  #target: { readonly url: string; readonly agent: Agent } | null = null;
  readonly sockets = new Set<Duplex>();
  readonly #recorder: Recorder;
  readonly #open = new WeakMap<IncomingMessage, OpenExchange>();
  readonly #proxy = createProxyServer();

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
    this.#proxy.on('proxyRes', (answer, request, response) => {
      const exchange = this.#open.get(request);
      exchange?.answered(answer.statusCode ?? 0, answer.headers);
      answer.on('data', (chunk: Buffer) => exchange?.received.add(chunk));
      answer.on('error', () => {
        // The product broke off in the middle; the one who asked did not.
        if (!response.destroyed) exchange?.failed('reset');
      });
      // `close` is about the connection behind the proxy, not about the one in front of it.
      delete answer.headers.connection;
    });
    this.#proxy.on('error', (error, request, answer) => {
      const exchange = request && this.#open.get(request);
      if (isResponse(answer)) giveUp(error, exchange, answer);
      else exchange?.failed(kindOf(error));
    });
    this.#proxy.on('econnreset', () => undefined);
  }

  point(target: Address | null): void {
    this.#target = target && { url: urlOf(target), agent: agentFor(target) };
  }

  readonly web = (request: IncomingMessage, response: ServerResponse): void => {
    const exchange = this.#begin(request);
    response.on('close', () => exchange.end(response.writableFinished));
    if (this.#target === null) {
      giveUp(Object.assign(new Error('no product'), { code: 'ECONNREFUSED' }), exchange, response);
      return;
    }
    const tap = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        exchange.sent.add(chunk);
        done(null, chunk);
      },
    });
    request.on('error', () => tap.destroy());
    request.pipe(tap);
    this.#proxy
      .web(request, response, {
        target: this.#target.url,
        agent: this.#target.agent,
        buffer: tap,
      })
      .catch((error: Error) => exchange.failed(kindOf(error)));
  };

  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const exchange = this.#begin(request);
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.sockets.delete(socket);
      exchange.end(true);
    });
    if (this.#target === null) {
      exchange.failed('refused');
      socket.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const opened = (): void => exchange.answered(101, {});
    this.#proxy.once('open', opened);
    socket.once('close', () => this.#proxy.off('open', opened));
    this.#proxy
      .ws(request, socket as Socket, { target: this.#target.url, agent: this.#target.agent }, head)
      .catch((error: Error) => exchange.failed(kindOf(error)));
  };

  #begin(request: IncomingMessage): OpenExchange {
    const exchange = this.#recorder.open({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      headers: request.headers,
    });
    this.#open.set(request, exchange);
    return exchange;
  }
}

/** A refusal is told as 502, so that whoever asks can ask again; a reset is passed on as the reset it is. */
function giveUp(error: Error, exchange: OpenExchange | undefined, response: ServerResponse): void {
  const kind = kindOf(error);
  if (!response.destroyed) exchange?.failed(kind);
  if (kind === 'refused' && !response.headersSent) {
    response.writeHead(502, { 'content-type': 'text/plain' }).end('nothing listens here\n');
  } else {
    response.destroy();
  }
}

const kindOf = (error: Error & { code?: string }): 'refused' | 'reset' =>
  error.code === 'ECONNREFUSED' ? 'refused' : 'reset';

const isResponse = (answer: unknown): answer is ServerResponse =>
  typeof answer === 'object' && answer !== null && 'headersSent' in answer;
