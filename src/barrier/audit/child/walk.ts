import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
} from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { openObjects } from './object-store.ts';
import type { Order } from './order.ts';
import type { Trail } from './trail.ts';

const CHUNK = 1024 * 1024;
/** A token that begins at the end of one chunk is found in the next. */
const OVERLAP = 64;

/** Searches folders for the token, for whole files, and for git repositories with objects that must not be there. */
export class Walk {
  readonly #order: Order;
  readonly #trail: Trail;
  readonly #seen = new Set<string>();
  readonly #left: ReadonlySet<string>;
  /** Sockets come upon. */
  readonly sockets: string[] = [];

  constructor(order: Order, trail: Trail) {
    this.#order = order;
    this.#trail = trail;
    this.#left = new Set([...order.system, '/proc', '/sys']);
  }

  folder(top: string): void {
    const open = [top];
    for (let dir = open.pop(); dir !== undefined && this.#trail.goesOn(); dir = open.pop()) {
      if (this.#left.has(dir) || this.#seen.has(dir)) continue;
      this.#seen.add(dir);
      const entries = listed(dir);
      if (
        entries.some(({ name }) => name === 'objects') &&
        entries.some(({ name }) => name === 'HEAD')
      )
        this.repository(dir);
      for (const entry of entries) {
        const path = join(dir, entry.name);
        if (entry.isDirectory()) open.push(path);
        else if (entry.isSocket()) this.sockets.push(path);
        else if (entry.isFile()) this.file(path);
      }
    }
  }

  /** Reads a plain file to its end, in pieces. */
  file(path: string): void {
    if (!this.#trail.goesOn()) return;
    if (path.endsWith('/.git')) this.#pointer(path);
    try {
      // Anything else than a plain file could keep a reader waiting for ever.
      if (!lstatSync(path).isFile()) return;
      this.#read(path);
      this.#trail.looked.files += 1;
    } catch {
      // What cannot be read is kept from us, which is what the barrier is for.
    }
  }

  #read(path: string): void {
    const fd = openSync(path, 'r');
    try {
      const { size } = fstatSync(fd);
      const piece = Buffer.alloc(Math.min(size, CHUNK) + OVERLAP);
      let kept = 0;
      for (let at = 0; at < size && this.#trail.goesOn();) {
        const got = readSync(fd, piece, kept, piece.length - kept, at);
        if (got === 0) break;
        at += got;
        this.#trail.looked.bytes += got;
        const text = piece.subarray(0, kept + got);
        this.#trail.look('file', path, text);
        if (at === got && at === size) this.#trail.compare(path, text);
        kept = Math.min(OVERLAP, text.length);
        text.copy(piece, 0, text.length - kept);
      }
    } finally {
      closeSync(fd);
    }
  }

  /** A work tree's `.git` file names a repository elsewhere. */
  #pointer(path: string): void {
    const to = /^gitdir: (.+)$/m.exec(readFileSync(path, 'utf8'))?.[1];
    if (to !== undefined) this.repository(resolve(join(path, '..'), to));
  }

  /** Object stores of a repository, the common one of its work trees and borrowed ones included. */
  repository(dir: string): void {
    const common = text(join(dir, 'commondir')).trim();
    const dirs = [
      dir,
      ...(common === '' ? [] : [isAbsolute(common) ? common : resolve(dir, common)]),
    ];
    for (const each of dirs) {
      if (this.#seen.has(`${each}:objects`)) continue;
      this.#seen.add(`${each}:objects`);
      const store = openObjects(join(each, 'objects'));
      this.#trail.looked.objects += store.count;
      for (const id of this.#order.objects)
        if (store.has(id)) this.#trail.note({ by: 'git', what: `object ${id}`, where: each });
    }
  }
}

function listed(dir: string) {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch {
    // Closed to us.
    return [];
  }
}

const text = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Not there, which is the usual case.
    return '';
  }
};
