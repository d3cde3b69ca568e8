import { lchown, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { own } from '../sandbox/index.ts';
import type { Repository } from '../store.ts';

/** Gives folders, and all that is in them, to the user that processes in the sandbox run as, where that is another than ours. */
export const handOver = (repo: Repository, paths: readonly string[]): Promise<void> =>
  own(repo.sandbox, paths);

/** The same for small folders that were just made: no process is started for them. */
export async function handOverFew(
  { sandbox }: Repository,
  paths: readonly string[],
): Promise<void> {
  if (sandbox.kind === 'none' || sandbox.owner === undefined) return;
  const { uid, gid } = sandbox.owner;
  const folder = async (path: string): Promise<void> => {
    await lchown(path, uid, gid);
    const entries = await readdir(path, { withFileTypes: true });
    await Promise.all(
      entries.map((entry) => {
        const inner = join(path, entry.name);
        return entry.isDirectory() ? folder(inner) : lchown(inner, uid, gid);
      }),
    );
  };
  await Promise.all(paths.map(folder));
}
