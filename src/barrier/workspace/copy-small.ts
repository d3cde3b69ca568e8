import { setImmediate as breath } from 'node:timers/promises';
import {
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { Stats } from 'node:fs';
import { join } from 'node:path';

/** What is copied without a process of its own: less than the start of one takes. */
const MOST_ENTRIES = 400;
const MOST_BYTES = 4 * 1024 * 1024;
/** Entries between two looks at what else there is to do. */
const AT_ONCE = 16;

interface Entry {
  readonly path: string;
  readonly stat: Stats;
}

/**
 * Copies the contents of a small folder into an empty one, with modes, times and links; false, and nothing done, for one that is not small
 * or holds anything but files, folders and links. Of our own folders only, as nobody changes them meanwhile.
 */
export async function copySmall(from: string, to: string): Promise<boolean> {
  const entries = smallEntries(from);
  if (entries === null) return false;
  for (const [at, { path, stat }] of entries.entries()) {
    if (at % AT_ONCE === AT_ONCE - 1) await breath();
    const [source, target] = [join(from, path), join(to, path)];
    if (stat.isDirectory()) {
      mkdirSync(target, { mode: stat.mode });
      continue;
    }
    if (stat.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else writeFileSync(target, readFileSync(source), { mode: stat.mode, flag: 'wx' });
    // By its time git knows a file as unchanged, without reading it.
    lutimesSync(target, stat.atimeMs / 1000, stat.mtimeMs / 1000);
  }
  return true;
}

/** Folders before what is in them; null when there is too much, or something else. */
function smallEntries(from: string): readonly Entry[] | null {
  const found: Entry[] = [];
  let bytes = 0;
  for (const folders = ['']; folders.length > 0;) {
    const folder = folders.pop() ?? '';
    for (const name of readdirSync(join(from, folder))) {
      const path = join(folder, name);
      const stat = lstatSync(join(from, path));
      bytes += stat.size;
      if (found.length === MOST_ENTRIES || bytes > MOST_BYTES) return null;
      if (stat.isDirectory()) folders.push(path);
      else if (!stat.isFile() && !stat.isSymbolicLink()) return null;
      found.push({ path, stat });
    }
  }
  return found;
}
