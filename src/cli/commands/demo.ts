import { cp, mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Problem } from '../../domain/index.ts';
import { isNamedWrong } from '../machine.ts';
import { refuse, refused } from '../refusal.ts';
import { succeeded, userGit } from '../project/user-git.ts';
import type { World } from '../world.ts';
import { run } from './run.ts';

/** Runs a bundled example for real (git, processes, HTTP) with scripted agents, and keeps the result. */
export async function demo(
  world: World,
  { example, dir }: { example: string; dir: string | null },
): Promise<number> {
  const examples = join(world.packageDir, 'examples');
  const specs = join(examples, '.start', 'specs');
  const names = (await readdir(specs)).toSorted();
  const name = names.find((each) => each === example || each.startsWith(`${example}-`));
  const no = (problem: Problem) => refuse(world, refused(problem).error);
  if (name === undefined)
    return no({
      where: example,
      what: 'There is no such example.',
      remedy: `There are: ${names.join(', ')}.`,
    });
  const project = await placeFor(world, name, dir);
  if (project === null)
    return no({
      where: dir ?? '',
      what: 'The folder is not empty.',
      remedy: 'Name one that does not exist yet.',
    });
  if (typeof project !== 'string')
    return no({
      where: `--dir ${dir ?? ''}`,
      what: `The folder cannot be made (${project.code ?? ''}).`,
      remedy: 'Name one that does not exist yet, in a folder that you may write to.',
    });
  await cp(join(examples, 'projects', name), project, { recursive: true });
  await cp(join(specs, name), join(project, '.start', 'specs', name), { recursive: true });
  const failure = await commitAll(world, project);
  if (failure !== null) return no(failure);
  world.stderr.write(
    `Demo of ${name} in ${project}\nThe agents are scripted: prepared files play the code agent and the check author, and no model is called.\nEverything else is real: git, blind workspaces, processes, HTTP, verdicts.\n\n`,
  );
  const agent = `scripted:${join(examples, 'scripted', name)}`;
  const code = await run(
    { ...world, cwd: project },
    { spec: name, flags: { agent }, orAdvisory: true },
  );
  world.stderr.write(
    `\nThe result is kept in ${project}, on branch factory/${name}\n  git -C ${quoted(project)} log --oneline factory/${name}\n`,
  );
  return code;
}

async function placeFor(
  world: World,
  name: string,
  dir: string | null,
): Promise<string | NodeJS.ErrnoException | null> {
  if (dir === null) return mkdtemp(join(world.temp, `implement-factory-${name}-`));
  const place = resolve(world.cwd, dir);
  try {
    await mkdir(place, { recursive: true });
  } catch (error) {
    if (!isNamedWrong(error)) throw error;
    return error;
  }
  return (await readdir(place)).length === 0 ? place : null;
}

/** A first commit, as any project has one. */
async function commitAll(world: World, project: string): Promise<Problem | null> {
  const git = userGit(world, project);
  const identity = ['-c', 'user.name=demo', '-c', 'user.email=demo@example.invalid'];
  for (const args of [
    ['init', '--quiet', '--initial-branch=main'],
    ['add', '--all'],
    [...identity, '-c', 'commit.gpgsign=false', 'commit', '--quiet', '--message=Start'],
  ]) {
    const exit = await git(...args);
    if (!succeeded(exit))
      return {
        where: 'git',
        what: exit.cause === 'not_started' ? 'git is not on the PATH.' : exit.stderr.trim(),
        remedy: 'Install git 2.38 or newer.',
      };
  }
  return null;
}

const quoted = (path: string): string =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
