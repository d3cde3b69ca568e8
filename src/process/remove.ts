import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const isDenied = (error: unknown): boolean =>
  ['EACCES', 'EPERM', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Removes a tree that a process of ours filled; package managers leave folders that nobody may write to. */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    if (!isDenied(error)) throw error;
    await openTree(path);
    await rm(path, { recursive: true, force: true });
  }
}

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
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
