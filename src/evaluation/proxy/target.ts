import { Agent } from 'node:http';
import { createConnection } from 'node:net';
import type { Socket, TcpNetConnectOpts } from 'node:net';

/** Where a product listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** The only way there where the port is one inside a sandbox. Rejects with `ECONNREFUSED` while nothing accepts. */
  readonly connect?: () => Promise<Socket>;
}

/**
 * A connection of its own for each request: a kept one that the product just closed would look like a reset. Yet the product is not told
 * to close it: it would, with an early answer to a long body, and its answer would be lost in the reset.
 */
export function agentFor({ connect }: Address): Agent {
  const agent = new Agent({ keepAlive: true });
  // `maxFreeSockets: 0` would mean its default. A half-open connection that the product has closed would swallow the next request.
  agent.keepSocketAlive = () => false;
  agent.createConnection = (options, made) => {
    if (connect === undefined) return heard(createConnection(options as TcpNetConnectOpts));
    connect().then(
      (socket) => made?.(null, heard(socket)),
      (error: Error) => made?.(error, undefined as never),
    );
    return undefined;
  };
  return agent;
}

/**
 * After an early answer Node.js may no longer listen to a connection on which the rest of the request is still being written: that the
 * product does not take it is nobody's crash.
 */
const heard = (socket: Socket): Socket => socket.on('error', () => undefined);

/** Where requests to it go. */
export const urlOf = ({ host, port }: Address): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
