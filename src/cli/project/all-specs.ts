import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { projectOf } from './project.ts';
import type { World } from '../world.ts';

/** Every spec directory of the project, in the order of their numbers. Absolute paths. */
export async function allSpecs(world: Pick<World, 'cwd'>): Promise<readonly string[]> {
  const project = projectOf(world, undefined);
  const found: string[] = [];
  for (const root of [join(project, '.start', 'specs'), join(project, 'docs', 'specs')]) {
    if (!existsSync(root)) continue;
    const entries = await readdir(root, { withFileTypes: true });
    const dirs = entries.filter((entry) => entry.isDirectory() && /^\d/.test(entry.name));
    found.push(...dirs.map(({ name }) => join(root, name)));
  }
  return found.toSorted();
}
