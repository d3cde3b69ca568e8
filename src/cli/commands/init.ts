import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { EXIT } from '../exit.ts';
import { projectOf } from '../project/project.ts';
import { refuse, refused } from '../refusal.ts';
import type { World } from '../world.ts';

const SKILLS = ['implement-factory', 'specify-factory'];

/** Copies the skills into `.claude/skills/` of the project. Files of the same name that say something else stay, unless `force`. */
export async function init(world: World, { force }: { force: boolean }): Promise<number> {
  const target = join(projectOf(world, undefined), '.claude', 'skills');
  const source = join(world.packageDir, 'skills');
  const files = (await Promise.all(SKILLS.map((skill) => filesIn(source, skill)))).flat();
  const changed: string[] = [];
  for (const file of files)
    if (await differs(join(source, file), join(target, file))) changed.push(file);
  if (changed.length > 0 && !force)
    return refuse(
      world,
      refused({
        where: target,
        what: `These files are there and say something else: ${changed.join(', ')}.`,
        remedy: 'Keep them and do without, or write over them with --force.',
      }).error,
    );
  for (const file of files) {
    await mkdir(dirname(join(target, file)), { recursive: true });
    await cp(join(source, file), join(target, file));
  }
  world.stdout.write(`${relative(world.cwd, target) || target}\n`);
  world.stderr.write(
    `Copied ${SKILLS.join(' and ')}. In Claude Code: /specify-factory to write a spec, /implement-factory to run one.\n` +
      'They call `implement-factory`, which has to be on the PATH (npm install -g); the plugin brings its own.\n',
  );
  return EXIT.completed;
}

async function filesIn(root: string, skill: string): Promise<string[]> {
  const entries = await readdir(join(root, skill), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)));
}

async function differs(ours: string, theirs: string): Promise<boolean> {
  const there = await readFile(theirs).catch(() => null);
  return there !== null && !there.equals(await readFile(ours));
}
