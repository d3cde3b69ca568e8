import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SOCKETS_TRACE } from '../../barrier/index.ts';
import { cacheOf, scratchOf } from './project.ts';
import type { World } from '../world.ts';

/**
 * File in a project's scratch folder that says whose it is, as nothing leads back from the hash in the folder's name: the host in its first line, because
 * a home may be shared by machines that do not have the same projects; then the path.
 */
const NOTE = '.project';

/** Lets `clean` find the scratch folder of a project that was moved or deleted. Who cannot write there is told by what needs to. */
export async function noteProject(world: World, project: string): Promise<void> {
  const scratch = scratchOf(world, project);
  await mkdir(scratch, { recursive: true })
    .then(() => writeFile(join(scratch, NOTE), `${world.host}\n${project}`))
    .catch(() => undefined);
}

/** A scratch folder whose project is not there any more. */
export interface Abandoned {
  /** Where the project was. */
  readonly project: string;
  readonly folder: string;
}

/** Scratch folders of projects that were moved or deleted, but for those that a run may still be at work in. */
export async function abandonedIn(world: World): Promise<readonly Abandoned[]> {
  const cache = cacheOf(world);
  const found: Abandoned[] = [];
  for (const name of await readdir(cache).catch((): readonly string[] => [])) {
    const folder = join(cache, name);
    const note = await readFile(join(folder, NOTE), 'utf8').catch(() => null);
    const here = `${world.host}\n`;
    if (note === null || !note.startsWith(here)) continue;
    const project = note.slice(here.length);
    if (!existsSync(project) && !(await isAtWork(folder))) found.push({ project, folder });
  }
  return found;
}

/** A run behind a wall has sockets, and a trace that leads to them; without one its spec's lock went with the project. */
async function isAtWork(folder: string): Promise<boolean> {
  for (const spec of await readdir(folder).catch((): readonly string[] => [])) {
    const sockets = await readlink(join(folder, spec, SOCKETS_TRACE)).catch(() => null);
    if (sockets !== null && existsSync(sockets)) return true;
  }
  return false;
}

/** Names of the folders that specs have in a project's scratch folder. */
export const specsIn = (scratch: string): Promise<readonly string[]> =>
  readdir(scratch, { withFileTypes: true }).then(
    (entries) => entries.filter((entry) => entry.isDirectory()).map(({ name }) => name),
    () => [],
  );
