import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { spawn, type Running } from '../../process/index.ts';
import { endable, openSockets } from '../network/sockets.ts';
import type { Canary } from './canary.ts';

/** What gives the token away to whoever can reach it, for as long as a hunt lasts. */
export interface Lures {
  readonly port: number;
  readonly socket: string;
  /** Null where the system has no abstract sockets. */
  readonly abstract: string | null;
  /** A process with the token in its environment, its arguments, its folder and an open file. */
  readonly pid: number | null;
  close(): Promise<void>;
}

export interface Luring {
  readonly platform: string;
  /** PATH of programs. */
  readonly path: string;
  /** Path of a link to what is laid out, while it is, for whoever takes over from a killed process. */
  readonly trace: string;
  /** Of the process, for the same. */
  readonly marker: string;
}

export async function setLures(canary: Canary, { platform, trace, ...of }: Luring): Promise<Lures> {
  const { token } = canary;
  const sockets = await openSockets(tmpdir(), trace);
  const abstract = platform === 'linux' ? `factory-${token.slice(-12)}-${randomSuffix()}` : null;
  const [tcp, unix] = [luring(token), luring(token)];
  await listening(tcp.server, () => tcp.server.listen({ host: '127.0.0.1', port: 0 }));
  const socket = await sockets.listen(unix.server);
  const hidden = luring(token);
  if (abstract !== null)
    await listening(hidden.server, () => hidden.server.listen({ path: `\0${abstract}` }));
  const holder = hold(canary, of);
  return {
    port: (tcp.server.address() as AddressInfo).port,
    socket,
    abstract,
    pid: holder.pid ?? null,
    async close() {
      await Promise.all([...[tcp, unix, hidden].map(shut), holder.stop()]);
      await sockets.close();
    },
  };
}

const randomSuffix = (): string => randomBytes(4).toString('hex');

/** Tells whoever knocks. What a peer says is read, because a connection with words that nobody reads never ends by itself. */
const luring = (token: string) =>
  endable({}, (peer) => {
    peer.resume();
    peer.end(token);
  });

/** Whoever is still there, such as a scanner of ports that never leaves, is sent away. */
async function shut({ server, end }: ReturnType<typeof luring>): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  end();
  await closed;
}

async function listening(server: Server, listen: () => void): Promise<void> {
  listen();
  await once(server, 'listening');
}

const hold = (
  { token, file }: Canary,
  { path, marker }: Pick<Luring, 'path' | 'marker'>,
): Running =>
  spawn(
    {
      label: 'lure',
      command: ['sh', '-c', 'exec 9<"$1" && while :; do sleep 1; done', token, file],
      cwd: dirname(file),
      env: { PATH: path, CANARY: token },
      limits: { wallMs: 120_000, graceMs: 100 },
      marker,
    },
    { kind: 'none' },
  );
