import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { readdir, readFile, readlink } from 'node:fs/promises';

/** Where something listens; `host` is `127.0.0.1` or `::1`. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** The only way there where the port is one inside a sandbox. Rejects with `ECONNREFUSED` while nothing accepts. */
  readonly connect?: () => Promise<Socket>;
}

const HOSTS = ['127.0.0.1', '::1'] as const;

export const addressesOf = (port: number): readonly Address[] =>
  HOSTS.map((host) => ({ host, port }));

export const urlOf = ({ host, port }: Address): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Where something accepts connections on this port now, 127.0.0.1 before ::1; null when nothing does. */
export async function openAddress(port: number): Promise<Address | null> {
  const addresses = addressesOf(port);
  const open = await Promise.all(addresses.map(isOpen));
  return addresses.find((_, index) => open[index]) ?? null;
}

/** Whether something accepts connections there now. */
export async function isOpen(address: Address): Promise<boolean> {
  if (address.connect === undefined) return acceptsTcp(address);
  const socket = await address.connect().catch(() => null);
  socket?.destroy();
  return socket !== null;
}

function acceptsTcp({ host, port }: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.setTimeout(1000, () => settle(false));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

/** Who listens on a port, for a message: `process 123 (node server.js)`, or `another process` where that cannot be seen. */
export async function holderOf(port: number): Promise<string> {
  const inodes = await listeningInodes(port);
  const pid = inodes.size === 0 ? null : await ownerOf(inodes);
  if (pid === null) return 'another process';
  const raw = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const command = raw
    .replaceAll('\0', ' ')
    .replaceAll(/\p{Cc}/gu, '')
    .trim();
  return `process ${pid}${command === '' ? '' : ` (${command.slice(0, 80)})`}`;
}

/** Socket inodes in state LISTEN (0A) on the port, from both tables. */
async function listeningInodes(port: number): Promise<Set<string>> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const rows = tables
    .flatMap((table) => table.split('\n').slice(1))
    .map((row) => row.trim().split(/\s+/));
  const listening = rows.filter(
    ([, local, , state]) =>
      state === '0A' && Number.parseInt(local?.split(':')[1] ?? '', 16) === port,
  );
  return new Set(listening.map((row) => row[9] ?? ''));
}

async function ownerOf(inodes: ReadonlySet<string>): Promise<string | null> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const fds = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const links = await Promise.all(
      fds.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')),
    );
    if (links.some((link) => inodes.has(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? '-'))) return pid;
  }
  return null;
}
