import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { openNetwork } from '../../src/barrier/network/index.ts';
import type { Network } from '../../src/barrier/network/index.ts';

/** The ways through the wall, opened for each test of a file, and servers to be reached; all are closed at its end. */
export function openWays() {
  let temp: string;
  let network: Network;
  let upstream: (url: string) => string;
  const servers: (Server | http.Server)[] = [];
  beforeEach(async () => {
    temp = mkdtempSync(join(tmpdir(), 'network-'));
    upstream = () => '';
    network = await openNetwork({
      temp,
      sandbox: { kind: 'none' },
      logFile: join(temp, 'run', 'network.log'),
      upstream: (url) => upstream(url),
      now: () => new Date(0),
    });
  });
  afterEach(async () => {
    await network.close();
    for (const server of servers.splice(0)) server.close();
    rmSync(temp, { recursive: true, force: true });
  });
  /** Its port. */
  const listening = async (server: Server | http.Server): Promise<number> => {
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  return {
    network: () => network,
    log: () => join(temp, 'run', 'network.log'),
    listening,
    serve: (handler: http.RequestListener) => listening(http.createServer(handler)),
    /** The web proxy of the machine, by the address that is asked for. */
    behind: (proxy: (url: string) => string) => {
      upstream = proxy;
    },
  };
}

/** Asks a web proxy behind a unix socket for a tunnel. */
export async function tunnel(
  socketPath: string,
  path: string,
): Promise<{ status: number; socket: Socket }> {
  const request = http.request({ socketPath, method: 'CONNECT', path }).end();
  const [response, socket] = (await Promise.race([
    once(request, 'connect'),
    once(request, 'response'),
  ])) as [http.IncomingMessage, Socket];
  return { status: response.statusCode ?? 0, socket };
}

export async function get(options: http.RequestOptions): Promise<{ status: number; body: string }> {
  const request = http.get(options);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  return { status: response.statusCode ?? 0, body: (await response.toArray()).join('') };
}
