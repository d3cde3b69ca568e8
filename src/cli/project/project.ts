import { existsSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { createHash } from 'node:crypto';
import { userInfo } from 'node:os';
import { resolveSpec, type SpecLocation } from '../../manifest/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import type { World } from '../world.ts';

/** Where spec directories live, the first one preferred. */
const SPEC_ROOTS = [join('.start', 'specs'), join('docs', 'specs')];

/**
 * The project a command is about: the folder that holds `.start/specs` around the spec that was named as a path, or around the working
 * directory; the working directory itself when there is none.
 */
export function projectOf(world: Pick<World, 'cwd'>, spec: string | undefined): string {
  const start = spec === undefined ? world.cwd : pathOf(world.cwd, spec);
  return around(start) ?? around(world.cwd) ?? world.cwd;
}

/** The spec that an argument means; a path is taken from the working directory, wherever the project around it begins. */
export function locateSpec(
  world: Pick<World, 'cwd'>,
  spec: string | undefined,
): Promise<Result<SpecLocation, Problem>> {
  return resolveSpec(projectOf(world, spec), spec, world.cwd);
}

function pathOf(cwd: string, spec: string): string {
  const path = resolve(cwd, spec);
  return existsSync(path) ? path : cwd;
}

function around(path: string): string | null {
  const from =
    statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? path : dirname(path);
  for (let dir = from; ; dir = dirname(dir)) {
    if (SPEC_ROOTS.some((root) => existsSync(join(dir, root)))) return dir;
    if (dirname(dir) === dir) return null;
  }
}

/**
 * Folder for templates, workspaces and dependency layers of a project. Outside the project, so that no workspace finds the project's own files
 * by walking up, as Node's module resolution does.
 */
export function scratchOf(world: World, project: string): string {
  const key = createHash('sha256').update(project).digest('hex').slice(0, 8);
  // Characters that a search path, a module address or a shell would take for its own stay out of it.
  const name = basename(project)
    .replaceAll(/[^\w.-]+/g, '-')
    .slice(0, 40);
  return join(cacheOf(world), `${name}-${key}`);
}

/** Folder that holds the scratch folders of all projects. */
export function cacheOf({ env: { HOME, XDG_CACHE_HOME } }: World): string {
  const cache = absolute(XDG_CACHE_HOME) ?? join(absolute(HOME) ?? userInfo().homedir, '.cache');
  return join(cache, 'implement-factory');
}

/** What is empty or relative counts as not set, as the XDG base directory specification wants it. */
const absolute = (path: string | undefined): string | null =>
  path !== undefined && isAbsolute(path) ? path : null;
