import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { err, ok, type Problem, type Result } from '../../domain/index.ts';
import { EXIT } from '../exit.ts';
import { machineProblem, isMachines } from '../machine.ts';
import { projectOf } from '../project/project.ts';
import { refuse, refused } from '../refusal.ts';
import type { World } from '../world.ts';

/** Lays out the next spec directory from the templates of the skill; prints its path. Never writes over anything. */
export async function newSpec(world: World, name: string): Promise<number> {
  const project = projectOf(world, undefined);
  const slug = slugOf(name);
  if (!slug.ok) return refuse(world, refused(slug.error).error);
  const made = await makeNext(project, slug.value);
  if (!made.ok) return refuse(world, refused(made.error, EXIT.stopped).error);
  const templates = join(world.packageDir, 'skills', 'specify-factory', 'templates');
  await cp(templates, made.value, { recursive: true });
  const title = name.trim().replaceAll(/\s+/g, ' ');
  for (const file of await filesIn(made.value)) {
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replaceAll('{{title}}', title).replaceAll('{{quoted}}', quoted(title)),
    );
  }
  const path = relative(world.cwd, made.value) || made.value;
  world.stdout.write(`${path}\n`);
  world.stderr.write(
    `Write requirements.md first, then solution.md, units, scenarios and manifest.md. Rename the unit \`first-slice\` everywhere.\n` +
      `  implement-factory validate ${path}\n  implement-factory lint ${path}\n`,
  );
  return EXIT.completed;
}

/** YAML reads a JSON string as itself, whatever is in it. */
const quoted = (title: string): string => JSON.stringify(title);

const LONGEST = 60;

/** `Tea desk, second try` → `tea-desk-second-try`. */
function slugOf(name: string): Result<string, Problem> {
  const slug = name
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, LONGEST)
    .replaceAll(/^-+|-+$/g, '');
  if (slug !== '') return ok(slug);
  return err({
    where: `name "${name}"`,
    what: 'It has no letter or digit that could name a directory.',
    remedy: 'Say in a few words what the spec is about, e.g. implement-factory new "Tea desk".',
  });
}

const ATTEMPTS = 100;

/** Makes `.start/specs/<next number>-<slug>`; of two at once each gets a number of its own, as far as their names are the same. */
async function makeNext(project: string, slug: string): Promise<Result<string, Problem>> {
  const root = join(project, '.start', 'specs');
  try {
    await mkdir(root, { recursive: true });
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const dir = join(root, `${await nextNumber(project)}-${slug}`);
      if ((await mkdir(dir, { recursive: true })) !== undefined) return ok(dir);
    }
  } catch (error) {
    if (!isMachines(error)) throw error;
    return err(machineProblem(error));
  }
  return err({ where: root, what: 'Others make specs here all the time.', remedy: 'Try again.' });
}

/** One more than the highest there is, in both places; at least three digits. */
async function nextNumber(project: string): Promise<string> {
  const places = [join(project, '.start', 'specs'), join(project, 'docs', 'specs')];
  const names = await Promise.all(places.map((place) => readdir(place).catch(() => [])));
  const numbers = names.flat().map((name) => Number(/^(\d{1,9})(?=-|$)/.exec(name)?.[1] ?? 0));
  return String(Math.max(0, ...numbers) + 1).padStart(3, '0');
}

async function filesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}
