import { readdir, readFile, readlink } from 'node:fs/promises';

/** Environment, arguments and working directory of whoever listens on a port of this machine, one text each. Linux only. */
export async function listenersOn(port: number): Promise<string[]> {
  const table = (await readFile('/proc/net/tcp', 'utf8')).split('\n').slice(1);
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const sockets = table
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(`:${wanted}`) && state === LISTENING)
    .map((columns) => `socket:[${columns[9]}]`);
  if (sockets.length === 0) return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => about(pid, sockets)));
  return found.filter((text) => text !== null);
}

const LISTENING = '0A';

/** A process that ends while it is looked at holds nothing. */
async function about(pid: string, sockets: readonly string[]): Promise<string | null> {
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const open = await Promise.all(
    files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')),
  );
  if (!open.some((target) => sockets.includes(target))) return null;
  const texts = await Promise.all([
    readFile(`/proc/${pid}/environ`, 'utf8').catch(() => ''),
    readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    readlink(`/proc/${pid}/cwd`).catch(() => ''),
  ]);
  return texts.join('\n');
}
