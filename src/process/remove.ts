import { chmod, lstat, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const isDenied = (error: unknown): boolean =>
  ['EACCES', 'EPERM', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Removes a tree that a process of ours filled; package managers leave folders that nobody may write to. */
export async function removeTree(path: string): Promise<void> {
  for (const overcome of [openTree, flatten]) {
    try {
      return await rm(path, { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      if (!isDenied(error) && !isTooDeep(error)) throw error;
      await overcome(path);
    }
  }
  await rm(path, { recursive: true, force: true });
}

const isTooDeep = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException).code === 'ENAMETOOLONG';

/** Far below what the kernel takes for a path. */
const DEEPEST = 1500;

/** Hangs what lies too deep for any path to reach under the top of the tree. Links are not followed. */
async function flatten(top: string): Promise<void> {
  const folders = [top];
  let moved = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    await openFolder(folder);
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const inner = join(folder, entry.name);
      if (inner.length - top.length < DEEPEST) {
        folders.push(inner);
        continue;
      }
      const nearer = join(top, `.deep-${(moved += 1)}`);
      await openFolder(inner);
      await rename(inner, nearer);
      folders.push(nearer);
    }
  }
}

const openFolder = async (path: string): Promise<void> => {
  const { mode } = await lstat(path);
  if ((mode & 0o700) !== 0o700) await chmod(path, mode | 0o700);
};

/** Gives the owner back what an agent took away: every folder can be walked and changed, every file read. Links are not followed. */
export async function openTree(path: string): Promise<void> {
  try {
    const stat = await lstat(path);
    if (stat.isFile() && (stat.mode & 0o400) === 0) await chmod(path, stat.mode | 0o400);
    if (!stat.isDirectory()) return;
    if ((stat.mode & 0o700) !== 0o700) await chmod(path, stat.mode | 0o700);
    for (const name of await readdir(path)) await openTree(join(path, name));
  } catch (error) {
    // A removal that was refused in one place goes on in others.
    if (!isTooDeep(error) && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
