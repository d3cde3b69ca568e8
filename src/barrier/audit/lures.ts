import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type ListenOptions, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { spawn, type Running } from '../../process/index.ts';
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

export async function setLures(
  { token, file }: Canary,
  { platform, path }: { readonly platform: string; readonly path: string },
): Promise<Lures> {
  const dir = await mkdtemp(join(tmpdir(), 'lure-'));
  const name = `factory-${token.slice(-12)}-${dir.slice(-6)}`;
  const abstract = platform === 'linux' ? name : null;
  const socket = join(dir, 's');
  const tcp = await listening(token, { host: '127.0.0.1', port: 0 });
  const others = await Promise.all([
    listening(token, { path: socket }),
    ...(abstract === null ? [] : [listening(token, { path: `\0${abstract}` })]),
  ]);
  const holder = hold(token, { file, path });
  return {
    port: (tcp.address() as AddressInfo).port,
    socket,
    abstract,
    pid: holder.pid ?? null,
    async close() {
      await Promise.all([...[tcp, ...others].map(shut), holder.stop()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function listening(token: string, at: ListenOptions): Promise<Server> {
  const server = createServer((peer) => {
    // Whoever knocks may be gone before it has heard.
    peer.on('error', () => undefined);
    peer.end(token);
  });
  server.listen(at);
  await once(server, 'listening');
  return server;
}

async function shut(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  await closed;
}

const hold = (token: string, { file, path }: { file: string; path: string }): Running =>
  spawn(
    {
      label: 'lure',
      command: ['sh', '-c', 'exec 9<"$1" && while :; do sleep 1; done', token, file],
      cwd: dirname(file),
      env: { PATH: path, CANARY: token },
      limits: { wallMs: 120_000, graceMs: 100 },
    },
    { kind: 'none' },
  );
