import { readdir, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { removeTree } from '../process/index.ts';

/** Link in a scratch folder to where the run at work has its sockets. */
export const SOCKETS_TRACE = 'sockets';
/** The same of what a hunt for leaks has laid out. */
export const LURES_TRACE = 'lures';
const TRACES = [SOCKETS_TRACE, LURES_TRACE];

/** Folders that are made for one piece of work and go with it. */
const PASSING = [
  'workspaces',
  'attempts',
  'bare',
  'overlay-probe',
  'delivery',
  'hunt',
  // Input and output of short programs.
  'calls',
];

/** Their likes among others: temporary blobs, and trees of side instances, which must begin empty. */
const NAMED = [
  { folder: '.', name: /^blob-/ },
  { folder: 'products', name: /^side-/ },
];

/**
 * Removes from a scratch folder what a process was still at work in that was killed, or what one that ends needs no more. Hold the lock of its spec, and have that process's children
 * ended. Templates, layers and the product's own tree stay: they are used again.
 */
export async function clearLeftovers(scratch: string): Promise<void> {
  const found = await Promise.all(
    NAMED.map(async ({ folder, name }) =>
      (await namesIn(join(scratch, folder)))
        .filter((each) => name.test(each))
        .map((each) => join(folder, each)),
    ),
  );
  for (const trace of TRACES) {
    const sockets = await readlink(join(scratch, trace)).catch(() => null);
    if (sockets !== null && /^factory-\w{6}$/.test(basename(sockets))) await removeTree(sockets);
  }
  const passing = [...PASSING, ...TRACES, ...found.flat()];
  await Promise.all(passing.map((path) => removeTree(join(scratch, path))));
}

const namesIn = (dir: string): Promise<readonly string[]> =>
  readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
