import { join, resolve } from 'node:path';
import { run, type Exit } from '../../process/index.ts';
import type { OwnGit } from '../../barrier/index.ts';
import type { World } from '../world.ts';

/** What git itself sets for a hook or an alias (`git rev-parse --local-env-vars`): it would turn git away from the project to the repository it was called in. */
const ABOUT_ANOTHER_REPOSITORY: ReadonlySet<string> = new Set([
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NAMESPACE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
]);

/** git as the user would call it in the project: their configuration, identity, hooks and credentials. */
export type UserGit = (...args: string[]) => Promise<Exit>;

export function userGit({ env }: World, project: string): UserGit {
  return (...args) =>
    run(
      { label: 'git', command: ['git', ...args], cwd: project, env: placed(env) },
      { kind: 'none' },
    );
}

/** What of the user's configuration decides what is work of theirs in the project, as git finds it. */
export async function ownGit(world: World, project: string): Promise<OwnGit> {
  const asked = [
    'config',
    '-z',
    '--get-regexp',
    '^(core\\.autocrlf|filter\\..*\\.(smudge|process))$',
  ];
  const git = userGit(world, project);
  const { stdout } = await git(...asked);
  const set = new Map(
    stdout.split('\0').map((entry): [string, string] => {
      const end = entry.indexOf('\n');
      return [entry.slice(0, end), entry.slice(end + 1)];
    }),
  );
  const rewriting = [...set].flatMap(([key, value]) => {
    const filter = /^filter\.(.*)\.(?:smudge|process)$/s.exec(key)?.[1];
    return filter === undefined || value === '' || value === 'cat' ? [] : [filter];
  });
  return {
    ignore: await ignoreFile(world, project),
    lineEnds: set.get('core.autocrlf') ?? null,
    trusts: succeeded(await git('rev-parse', '--git-dir')),
    filters: [...new Set(rewriting)],
  };
}

/** Null where it could be nowhere. */
async function ignoreFile(world: World, project: string): Promise<string | null> {
  const set = await userGit(world, project)('config', '--type=path', '--get', 'core.excludesFile');
  const file = set.stdout.replace(/\n$/, '');
  if (succeeded(set) && file !== '') return resolve(project, file);
  const { XDG_CONFIG_HOME: config, HOME: home } = world.env;
  if (config) return join(config, 'git', 'ignore');
  return home ? join(home, '.config', 'git', 'ignore') : null;
}

/** Runs a program of the user's in the project, e.g. `gh`. */
export const userProgram =
  ({ env }: World, project: string) =>
  (...command: [string, ...string[]]): Promise<Exit> =>
    run({ label: command[0], command, cwd: project, env: placed(env) }, { kind: 'none' });

/** The user's environment, for programs that work in this project and no other. */
export const placed = (env: World['env']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && !ABOUT_ANOTHER_REPOSITORY.has(entry[0]),
    ),
  );

/** It ran to its end and said yes. */
export const succeeded = ({ cause, code }: Exit): boolean => cause === 'exited' && code === 0;
