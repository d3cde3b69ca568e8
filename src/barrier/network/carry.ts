import { rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import type { Route } from '../../process/index.ts';

/**
 * What an `in` route says to the host as soon as `localhost:port` has accepted, before any byte of it: a unix socket that is listened
 * on accepts always, and only this tells a service that is there from one that is not.
 */
export const ACCEPTED = 0x06;

const HOSTS = ['127.0.0.1', '::1'] as const;

/**
 * Opens routes from inside a sandbox, and keeps them open as long as this process lives; they do not keep it alive. Rejects when one
 * cannot be opened. Imports nothing but Node's own, because it runs where nothing else can be seen.
 */
export async function carry(routes: readonly Route[]): Promise<void> {
  await Promise.all(routes.map((route) => (route.direction === 'out' ? leadOut : letIn)(route)));
}

async function leadOut({ port, socket }: Route): Promise<void> {
  const server = createServer({ allowHalfOpen: true }, (inner) => {
    const outer = connect({ path: socket, allowHalfOpen: true });
    inner.on('error', () => outer.destroy());
    // Nobody there: the one who asked is told so as the wall would tell him, without an answer.
    outer.on('error', () => inner.resetAndDestroy());
    outer.once('connect', () => join(inner, outer));
  });
  await opened(server, () => server.listen({ host: '127.0.0.1', port }));
}

async function letIn({ port, socket }: Route): Promise<void> {
  await rm(socket, { force: true });
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (outer) => {
    outer.on('error', () => outer.destroy());
    reach(port, (inner) => {
      if (inner === null || outer.destroyed) {
        inner?.destroy();
        outer.destroy();
        return;
      }
      outer.write(Uint8Array.of(ACCEPTED));
      join(outer, inner);
    });
  });
  // Whoever gets to the folder that holds it may talk to the service: the folder is what is guarded.
  await opened(server, () => server.listen({ path: socket, readableAll: true, writableAll: true }));
}

/** A connection to the first address of localhost that accepts; null when none does. */
function reach(port: number, found: (socket: Socket | null) => void, at = 0): void {
  const host = HOSTS[at];
  if (host === undefined) {
    found(null);
    return;
  }
  const socket = connect({ host, port, allowHalfOpen: true });
  const refused = () => reach(port, found, at + 1);
  socket.once('error', refused);
  socket.once('connect', () => {
    socket.off('error', refused);
    found(socket);
  });
}

/** Two connections as one: an end is passed on as an end, and a break breaks both. */
export function join(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy());
    from.on('close', (broken) => {
      // After an end on both sides there is nothing left to say; before, the other side must not wait for ever.
      if (broken || !from.readableEnded) to.destroy();
    });
    from.pipe(to);
  }
}

function opened(server: Server, listen: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => {
      server.off('error', reject);
      server.on('error', () => undefined);
      server.unref();
      resolve();
    });
    listen();
  });
}
