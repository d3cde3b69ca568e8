import { Agent } from 'node:http';
import type { Socket } from 'node:net';

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
  if (connect !== undefined) {
    agent.createConnection = (_options, made) => {
      connect().then(
        (socket) => made?.(null, socket),
        (error: Error) => made?.(error, undefined as never),
      );
      return undefined;
    };
  }
  return agent;
}

/** Where requests to it go. */
export const urlOf = ({ host, port }: Address): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
