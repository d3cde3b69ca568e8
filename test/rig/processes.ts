import { readdir, readFile, readlink } from 'node:fs/promises';

/**
 * Processes with `folder` in their environment, arguments or working directory, as `pid command`: also those that left every group and session.
 * Ourselves aside. A process that ends while it is looked at is none.
 */
export async function processesOf(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => about(pid, folder)));
  return found.filter((line) => line !== null);
}

async function about(pid: string, folder: string): Promise<string | null> {
  if (Number(pid) === process.pid) return null;
  const [environ, command, stat, cwd] = await Promise.all([
    readFile(`/proc/${pid}/environ`, 'utf8').catch(() => ''),
    readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z'),
    readlink(`/proc/${pid}/cwd`).catch(() => ''),
  ]);
  const isZombie = / Z /.test(stat.slice(stat.lastIndexOf(')')).padEnd(5));
  const belongs = [environ, command, cwd].some((text) => text.includes(folder));
  return belongs && !isZombie ? `${pid} ${command.replaceAll('\0', ' ').trim()}` : null;
}
