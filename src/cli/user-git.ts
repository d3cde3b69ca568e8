import { run, type Exit } from '../process/index.ts';
import type { World } from './world.ts';

/** git as the user would call it in the project: their configuration, identity, hooks and credentials. */
export type UserGit = (...args: string[]) => Promise<Exit>;

export function userGit({ env }: World, project: string): UserGit {
  return (...args) =>
    run(
      { label: 'git', command: ['git', ...args], cwd: project, env: defined(env) },
      { kind: 'none' },
    );
}

/** Runs a program of the user's in the project, e.g. `gh`. */
export const userProgram =
  ({ env }: World, project: string) =>
  (...command: [string, ...string[]]): Promise<Exit> =>
    run({ label: command[0], command, cwd: project, env: defined(env) }, { kind: 'none' });

const defined = (env: World['env']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

/** It ran to its end and said yes. */
export const succeeded = ({ cause, code }: Exit): boolean => cause === 'exited' && code === 0;
