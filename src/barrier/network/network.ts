import type { Server } from 'node:net';
import type { Socket } from 'node:net';
import { dirname } from 'node:path';

import type { Route, Sandbox } from '../../process/index.ts';
import { own } from '../sandbox/own.ts';
import { dial } from './dial.ts';
import type { Asker, Egress } from './egress.ts';
import { createEgress } from './egress.ts';
import { createGateway } from './gateway.ts';
import type { HostAddress } from './lead.ts';
import { leadTo } from './lead.ts';
import type { Sockets } from './sockets.ts';
import { endable, openSockets } from './sockets.ts';

export interface NetworkOptions {
  /** Folder for temporary files, absolute. */
  readonly temp: string;
  /** Path of a link to the folder of sockets, for whoever takes over from a killed process. */
  readonly trace?: string;
  /** What the ways lead through. */
  readonly sandbox: Sandbox;
  /** Takes a line for each host that was refused. */
  readonly logFile: string;
  /** Address of the web proxy that this machine uses for a URL; empty for none. */
  readonly upstream: (url: string) => string;
  readonly now: () => Date;
}

/** The host's end of a route out. */
export interface Way {
  /** Unix socket to bind into a sandbox. */
  readonly socket: string;
  /** Ends it and what goes through it. */
  close(): Promise<void>;
}

/** A way in, to one port inside one sandbox. */
export interface Door {
  /** For the view of the one who serves. */
  readonly route: Route;
  /** A connection to the port. Rejects with `ECONNREFUSED` while nothing accepts there. */
  readonly connect: () => Promise<Socket>;
}

/** All ways through the walls of one run. */
export interface Network {
  /** To the hosts that one asker may reach, by a web proxy. */
  proxy(asker: Asker): Promise<Way>;
  /** To one API, with credentials put in for their placeholders. */
  gateway(to: {
    readonly target: string;
    readonly secrets: ReadonlyMap<string, string>;
  }): Promise<Way>;
  /** To an address of this machine. */
  lead(to: HostAddress): Promise<Way>;
  /** A path for a server that listens on a unix socket itself. */
  path(): string;
  door(port: number): Promise<Door>;
  /** Ends everything. Idempotent. */
  close(): Promise<void>;
}

/** Throws when the temp folder cannot be written. */
export async function openNetwork(options: NetworkOptions): Promise<Network> {
  const sockets = await openSockets(options.temp, options.trace);
  const egress = createEgress(options);
  const ways = new Set<Way>();
  const open = async (server: Server, end: () => void): Promise<Way> => {
    const way = await wayOf(sockets, server, end);
    ways.add(way);
    return {
      socket: way.socket,
      close: () => {
        ways.delete(way);
        return way.close();
      },
    };
  };
  return {
    proxy: (asker) => open(...throughProxy(egress, asker)),
    gateway(to) {
      const server = createGateway({ ...to, upstream: options.upstream });
      return open(server, () => {
        server.close();
        server.closeAllConnections();
      });
    },
    lead(to) {
      const { server, end } = leadTo(to);
      return open(server, end);
    },
    path: () => sockets.path(),
    async door(port) {
      const socket = await sockets.apart();
      await own(options.sandbox, [dirname(socket)]);
      return { route: { direction: 'in', port, socket }, connect: () => dial(socket) };
    },
    async close() {
      await Promise.all([...ways].map((way) => way.close()));
      ways.clear();
      await egress.close();
      await sockets.close();
    },
  };
}

function throughProxy(egress: Egress, asker: Asker): [Server, () => void] {
  const { server, end } = endable({}, (socket) => egress.serve(socket, asker));
  return [server, end];
}

async function wayOf(sockets: Sockets, server: Server, end: () => void): Promise<Way> {
  const socket = await sockets.listen(server);
  const closed = new Promise<void>((resolve) => {
    server.once('close', () => resolve());
  });
  return {
    socket,
    async close() {
      end();
      await closed;
    },
  };
}
