import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import type { Order } from './order.ts';
import type { Trail } from './trail.ts';
import type { Walk } from './walk.ts';

interface Ground {
  readonly order: Order;
  readonly trail: Trail;
  readonly walk: Walk;
}

/** What every process that can be seen gives away: environment, arguments, folders, open files. */
export function searchProcesses({ order, trail, walk }: Ground): void {
  const pids = order.pids ?? names('/proc').filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    if (!trail.goesOn()) return;
    const at = `/proc/${pid}`;
    trail.looked.processes += 1;
    for (const file of ['environ', 'cmdline'])
      trail.look('process', `${at}/${file}`, read(`${at}/${file}`));
    for (const link of ['cwd', 'root']) searchFolder({ order, trail }, `${at}/${link}`);
    for (const fd of names(`${at}/fd`)) searchOpen({ order, trail, walk }, `${at}/fd/${fd}`);
  }
}

/** Another process's folders may lead to where ours do not. */
function searchFolder({ order, trail }: Omit<Ground, 'walk'>, link: string): void {
  const to = target(link);
  if (order.paths.some((path) => within(to, path)))
    trail.note({ by: 'process', what: `a process works in ${to}`, where: link });
  if (to !== '/') return;
  for (const path of order.paths)
    if (link !== '/proc/self/root' && exists(`${link}${path}`))
      trail.note({ by: 'process', what: `${path} is there`, where: link });
}

function searchOpen({ order, trail, walk }: Ground, link: string): void {
  const to = target(link);
  if (!to.startsWith('/') || to.startsWith('/dev/') || to.startsWith('/proc/')) return;
  if (order.paths.some((path) => within(to, path)))
    trail.note({ by: 'process', what: `an open descriptor of ${to}`, where: link });
  // Through the link, so that a file counts which no path leads to.
  walk.file(to);
}

const within = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(`${folder}/`);

const attempt = <T>(work: () => T, otherwise: T): T => {
  try {
    return work();
  } catch {
    // Gone, or closed to us: the usual case for what belongs to somebody else.
    return otherwise;
  }
};

const names = (dir: string): string[] => attempt(() => readdirSync(dir), []);
const read = (file: string): Buffer => attempt(() => readFileSync(file), Buffer.alloc(0));
const target = (link: string): string => attempt(() => readlinkSync(link), '');

/** Whether a path leads anywhere. */
export const exists = (path: string): boolean =>
  attempt(() => statSync(path, { throwIfNoEntry: false }) !== undefined, false);
