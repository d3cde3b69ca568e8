import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

/** The objects of a git repository, looked up without git: what git itself would refuse to show counts too. */
export interface ObjectStore {
  /** Loose objects, packs, and every store that is borrowed from. */
  has(id: string): boolean;
  readonly count: number;
}

/** Stores that borrow from each other are read once; more than this many are no repository of a person. */
const MOST_STORES = 50;

/** Opens an `objects` folder. What cannot be read is not there. */
export function openObjects(dir: string): ObjectStore {
  const dirs = [dir];
  for (let at = 0; at < dirs.length && at < MOST_STORES; at += 1)
    for (const other of alternatesOf(dirs[at] ?? '')) if (!dirs.includes(other)) dirs.push(other);
  const packs = dirs.flatMap(indexesIn);
  const loose = dirs.reduce((sum, each) => sum + looseIn(each), 0);
  return {
    has: (id) =>
      packs.some((pack) => pack.has(id)) ||
      dirs.some((each) => existsSync(join(each, id.slice(0, 2), id.slice(2)))),
    count: packs.reduce((sum, { count }) => sum + count, loose),
  };
}

const entries = (dir: string): string[] => {
  try {
    return readdirSync(dir);
  } catch {
    // Not readable is what the barrier wants.
    return [];
  }
};

function alternatesOf(dir: string): string[] {
  const file = join(dir, 'info/alternates');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => (isAbsolute(line) ? line : resolve(dir, line)));
}

const looseIn = (dir: string): number =>
  entries(dir)
    .filter((name) => /^[0-9a-f]{2}$/.test(name))
    .reduce((sum, name) => sum + entries(join(dir, name)).length, 0);

const indexesIn = (dir: string): ObjectStore[] =>
  entries(join(dir, 'pack'))
    .filter((name) => name.endsWith('.idx'))
    .flatMap((name) => packIndex(readFileSync(join(dir, 'pack', name))) ?? []);

const HEADER = 8;
const FANOUT = 256 * 4;

/** A pack's index of version 2 (gitformat-pack), which lists the names of its objects in order. Null for anything else. */
function packIndex(bytes: Buffer): ObjectStore | null {
  if (bytes.length < HEADER + FANOUT || bytes.readUInt32BE(0) !== 0xff744f63) return null;
  const count = bytes.readUInt32BE(HEADER + FANOUT - 4);
  const width = widthOf(bytes.length, count);
  const start = HEADER + FANOUT;
  const upTo = (first: number) => (first < 0 ? 0 : bytes.readUInt32BE(HEADER + first * 4));
  return {
    count,
    has(id) {
      const wanted = Buffer.from(id, 'hex');
      if (wanted.length !== width) return false;
      const first = wanted[0] ?? 0;
      let [low, high] = [upTo(first - 1), upTo(first)];
      while (low < high) {
        const middle = (low + high) >> 1;
        const at = start + middle * width;
        const order = wanted.compare(bytes, at, at + width);
        if (order === 0) return true;
        if (order < 0) high = middle;
        else low = middle + 1;
      }
      return false;
    },
  };
}

/** Bytes of a name: 20 for SHA-1, 32 for SHA-256, whichever makes the rest of the file whole (names, CRCs, offsets, two checksums). */
const widthOf = (length: number, count: number): 20 | 32 => {
  const long = length - HEADER - FANOUT - count * (32 + 8) - 64;
  return count > 0 && long >= 0 && long % 8 === 0 ? 32 : 20;
};
