import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What a folder takes up on disk, in bytes; a file with several names counts once. 0 where there is none. */
export async function bytesIn(dir: string): Promise<number> {
  const counted = new Set<number>();
  let bytes = 0;
  const left = [dir];
  while (left.length > 0) {
    const paths = left.splice(-AT_ONCE);
    // What vanishes meanwhile takes up nothing.
    const entries = await Promise.all(paths.map((path) => lstat(path).catch(() => null)));
    for (const [at, entry] of entries.entries()) {
      if (entry === null || counted.has(entry.ino)) continue;
      if (!entry.isDirectory() && entry.nlink > 1) counted.add(entry.ino);
      bytes += entry.blocks === undefined ? entry.size : entry.blocks * 512;
      const path = paths[at] ?? '';
      if (!entry.isDirectory()) continue;
      for (const name of await readdir(path).catch(() => [])) left.push(join(path, name));
    }
  }
  return bytes;
}

/** Asked one by one, the hundred thousand files of installed dependencies would take seconds. */
const AT_ONCE = 256;

const UNITS = ['kB', 'MB', 'GB', 'TB'];

/** `12.4 MB`. */
export function sizeText(bytes: number): string {
  let value = bytes / 1000;
  let unit = 0;
  for (; value >= 1000 && unit < UNITS.length - 1; unit++) value /= 1000;
  return `${value.toFixed(value < 10 ? 1 : 0)} ${UNITS[unit] ?? ''}`;
}
