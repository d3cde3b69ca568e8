import { createWriteStream, mkdirSync } from 'node:fs';
import type { Socket } from 'node:net';
import { dirname } from 'node:path';
import { RequestError, Server } from 'proxy-chain';
import { allows, names } from './allow.ts';
import { outerLookup } from './inner.ts';

/** Who asks, and what he may reach. */
export interface Asker {
  /** For the log, e.g. `code agent for api, run 2`. */
  readonly who: string;
  /** Entries as `allows` reads them. */
  readonly allow: readonly string[];
}

export interface EgressOptions {
  /** Takes a line for each refusal: when, host, who. */
  readonly logFile: string;
  /** Address of the web proxy that this machine uses for a URL; empty for none. */
  readonly upstream: (url: string) => string;
  readonly now: () => Date;
}

/** A web proxy (CONNECT, and plain HTTP) that passes on to allowed hosts only. */
export interface Egress {
  /** Takes over a connection. */
  serve(socket: Socket, asker: Asker): void;
  close(): Promise<void>;
}

export function createEgress({ logFile, upstream, now }: EgressOptions): Egress {
  const askers = new WeakMap<Socket, Asker>();
  const refusals = refusalLog(logFile, now);
  const proxy = new Server({
    prepareRequestFunction({ request, hostname, port, isHttp }) {
      const asker = askers.get(request.socket);
      const host = `${hostname}:${port}`;
      if (asker === undefined || !allows(asker.allow, hostname, port)) {
        refusals.add(host, asker?.who ?? 'nobody known');
        throw refusal(`${host} is not allowed from inside this sandbox`);
      }
      const via = upstream(`${isHttp ? 'http' : 'https'}://${host}`);
      if (via !== '') return { upstreamProxyUrl: via };
      return names(asker.allow, hostname) ? {} : { dnsLookup: outerLookup };
    },
  });
  return {
    serve(socket, asker) {
      askers.set(socket, asker);
      // The library takes a connection without an address, as all unix sockets are, for one that broke.
      Object.defineProperty(socket, 'remoteAddress', { value: '127.0.0.1' });
      proxy.server.emit('connection', socket);
    },
    async close() {
      proxy.closeConnections();
      await refusals.close();
    },
  };
}

/** The library knows its errors by name, and a bundler may have given the class another. */
const refusal = (message: string): Error =>
  Object.assign(new RequestError(message, 403), { name: 'RequestError' });

/** Each host of each asker once: one that is refused is often asked for again. */
function refusalLog(
  file: string,
  now: () => Date,
): { add(host: string, who: string): void; close(): Promise<void> } {
  const told = new Set<string>();
  let out: ReturnType<typeof createWriteStream> | null = null;
  return {
    add(host, who) {
      const line = `refused ${printable(host)}, asked for by ${who}`;
      if (told.has(line) || told.size >= LONGEST_LOG) return;
      told.add(line);
      if (out === null) {
        mkdirSync(dirname(file), { recursive: true });
        out = createWriteStream(file, { flags: 'a' });
        // A log that cannot be written costs lines, never the run.
        out.on('error', () => undefined);
      }
      out.write(`${now().toISOString()} ${line}\n`);
    },
    close: () =>
      new Promise((resolve) => {
        if (out === null) resolve();
        else out.end(() => resolve());
      }),
  };
}

const LONGEST_LOG = 1000;

/** A host is whatever the asker wrote. */
const printable = (host: string): string => host.replaceAll(/[^\w.:[\]-]/g, '?').slice(0, 260);
