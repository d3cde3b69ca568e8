import { existsSync, statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, sep } from 'node:path';
import which from 'which';
import type { AgentChoice } from './choice.ts';
import type { AgentRequest } from './request.ts';

/** What a sandbox must show of an agent's program, and by which path it is started there. */
export interface AgentProgram {
  /** Takes the place of the program's name, which no PATH would lead to in there; null where one does. */
  readonly file: string | null;
  /** Files and folders, absolute. */
  readonly read: readonly string[];
}

/** Looks where the program of an agent is. One that cannot be found is left to fail at its start, with its own words. */
export async function programOf(
  choice: AgentChoice,
  { PATH = '' }: AgentRequest['environment'],
): Promise<AgentProgram> {
  // Its program is Node.js, which every sandbox shows.
  if (choice.kind === 'scripted') return { file: null, read: [choice.dir] };
  const [name, ...args] = choice.kind === 'command' ? choice.command : [choice.kind];
  const found = await which(name, { path: PATH, nothrow: true });
  const named = args.filter((arg) => isAbsolute(arg) && isFile(arg));
  if (found === null) return { file: null, read: named };
  const real = await realpath(found);
  if (isOfSystem(found) && isOfSystem(real)) return { file: null, read: named };
  return { file: real, read: [installationOf(real), ...named] };
}

const isOfSystem = (path: string): boolean => /^\/(?:usr|bin|sbin)\//.test(path);

const isFile = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/**
 * What a program does not run without: the packages that an npm package lies among, a virtual environment of Python. Of anything else the
 * file alone, because nobody knows what else is kept beside it.
 */
function installationOf(file: string): string {
  const [before = '', ...within] = file.split(`${sep}node_modules${sep}`);
  if (within.length > 0) return join(before, 'node_modules');
  const prefix = dirname(dirname(file));
  const isEnvironment = basename(dirname(file)) === 'bin' && existsSync(join(prefix, 'pyvenv.cfg'));
  return isEnvironment ? prefix : file;
}
