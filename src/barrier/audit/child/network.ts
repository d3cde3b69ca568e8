import { readFileSync } from 'node:fs';
import { connect, type NetConnectOpts } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Order } from './order.ts';
import type { Trail } from './trail.ts';

/** How long a listener is waited for, ms. */
const WAIT_MS = 300;
const MOST_SOCKETS = 64;

/** Ways out through the network: loopback of the host, named and abstract sockets, interfaces. */
export async function searchNetwork(
  order: Order,
  trail: Trail,
  sockets: readonly string[],
): Promise<void> {
  const ports = order.ports.map((port) =>
    knock(trail, `127.0.0.1:${port}`, { host: '127.0.0.1', port }),
  );
  const lures = [
    ...order.sockets.map((path) => knock(trail, path, { path })),
    ...order.abstract.map((name) => knock(trail, `@${name}`, { path: `\0${name}` })),
  ];
  await Promise.all([...ports, ...lures]);
  trail.looked.sockets += ports.length + lures.length;
  if (!order.shut) return;
  await searchListed(order, trail, sockets);
  for (const name of Object.keys(networkInterfaces()))
    if (name !== 'lo')
      trail.note({ by: 'network', what: 'a network interface beyond loopback', where: name });
}

/** Inside a wall every socket that answers is a way through it, but for those that are meant to be there. */
async function searchListed(order: Order, trail: Trail, sockets: readonly string[]): Promise<void> {
  const lines = readFileSync('/proc/net/unix', 'utf8').split('\n').slice(1);
  const listed = lines.flatMap((line) => line.split(/\s+/)[7] ?? []);
  const all = [...new Set([...sockets, ...listed])].filter((path) => !order.allowed.includes(path));
  for (const path of all.slice(0, MOST_SOCKETS)) {
    trail.looked.sockets += 1;
    const answered = await knock(trail, path, { path: path.replace(/^@/, '\0') });
    if (answered)
      trail.note({ by: 'socket', what: 'a socket that somebody answers at', where: path });
  }
}

/** Connects, listens, and goes away without a word. Answers whether somebody was there. */
function knock(trail: Trail, where: string, to: NetConnectOpts): Promise<boolean> {
  const by = 'port' in to ? 'loopback' : 'socket';
  return new Promise((resolve) => {
    const socket = connect(to);
    let connected = false;
    const end = () => {
      socket.destroy();
      resolve(connected);
    };
    socket.setTimeout(WAIT_MS, end);
    socket.once('connect', () => (connected = true));
    socket.once('data', (bytes) => {
      trail.look(by, where, bytes);
      end();
    });
    socket.once('error', end);
    socket.once('close', end);
  });
}
