import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Looking at so many files is enough: where there are more, somebody writes them. */
const MOST = 50_000;

/** Whether anything in these folders changed since its last words, which `transcript` took up, and since this was asked last. */
export function stirring(folders: readonly string[], transcript: string): () => Promise<boolean> {
  let seen = 0;
  return async () => {
    seen = Math.max(seen, (await lstat(transcript).catch(() => null))?.mtimeMs ?? 0);
    const newest = await newestIn(folders);
    const stirred = newest > seen;
    seen = Math.max(seen, newest);
    return stirred;
  };
}

/** Time of the last change of a file or folder in there, ms since 1970. */
async function newestIn(folders: readonly string[]): Promise<number> {
  let newest = 0;
  let looked = 0;
  const left = [...folders];
  for (let path = left.pop(); path !== undefined && looked < MOST; path = left.pop()) {
    looked++;
    const entry = await lstat(path).catch(() => null);
    if (entry === null) continue;
    newest = Math.max(newest, entry.ctimeMs);
    if (!entry.isDirectory()) continue;
    const names = await readdir(path).catch(() => []);
    for (const name of names) left.push(join(path, name));
  }
  return newest;
}
