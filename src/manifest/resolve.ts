import { basename, dirname, join, resolve } from 'node:path';
import { err, ok } from '../domain/index.ts';
import type { Problem, Result } from '../domain/index.ts';
import { closest } from './closest.ts';
import { readFolder } from './folder.ts';
import { parseFrontmatter } from './frontmatter.ts';
import { MANIFEST, atDirectory, kindOf, locate } from './locate.ts';
import type { SpecLocation } from './locate.ts';
import { readSource } from './read.ts';

/** Where spec directories live, the first that has a match wins. */
const SPEC_ROOTS = ['.start/specs', 'docs/specs'] as const;

/**
 * Finds the spec a person means: a number (`002`), a name (`002-name`), a directory, or a path to a `manifest.md`; without an
 * argument the only spec, or the only one that is not completed.
 *
 * @param projectDir Absolute path of the folder that holds `.start/specs`.
 * @param said What the person wrote.
 * @param cwd Absolute path that a relative path is taken from; where it leads nowhere from here, from the project, then from where specs live.
 */
export async function resolveSpec(
  projectDir: string,
  said?: string,
  cwd: string = projectDir,
): Promise<Result<SpecLocation, Problem>> {
  const candidates = await listSpecs(projectDir);
  if (!candidates.ok) return candidates;
  if (said === undefined || said === '') return only(projectDir, candidates.value);
  const homes = SPEC_ROOTS.map((root) => join(projectDir, root));
  const path = (await pathOf(said, [cwd, projectDir, ...homes])) ?? resolve(cwd, said);
  // The slash that a shell's completion puts behind the name of a folder.
  const argument = said.replace(/(?<=[^/\\])[/\\]+$/, '');
  const isPath = /[/\\]|^\.{1,2}$|\.md$/.test(argument);
  const isFolder = argument !== said && (await kindOf(path)) !== 'missing';
  if (isPath || isFolder) return atPath(path, candidates.value);
  for (const root of SPEC_ROOTS) {
    const here = candidates.value.filter((candidate) => candidate.root === root);
    const named = here.filter((candidate) => candidate.name === argument);
    const matches = named.length > 0 ? named : numbered(argument, here);
    const [match, ...others] = matches;
    if (match === undefined) continue;
    if (others.length > 0) return err(ambiguous(argument, matches));
    return atDirectory(match.dir);
  }
  return (await kindOf(path)) === 'directory'
    ? atDirectory(path)
    : err(notFound(argument, candidates.value));
}

/** Where a path leads from the first of these folders from which it leads anywhere: to a manifest that is missing, if only its folder is there. */
async function pathOf(argument: string, from: readonly string[]): Promise<string | null> {
  for (const dir of from) {
    const path = resolve(dir, argument);
    if ((await kindOf(path)) !== 'missing') return path;
  }
  return basename(argument) === MANIFEST ? pathOf(dirname(argument), from) : null;
}

interface Candidate {
  readonly name: string;
  readonly root: string;
  readonly dir: string;
}

async function listSpecs(projectDir: string): Promise<Result<Candidate[], Problem>> {
  const found: Candidate[] = [];
  for (const root of SPEC_ROOTS) {
    const path = join(projectDir, root);
    const folder = await readFolder(path);
    const fault = folder.diagnostics.find((diagnostic) => diagnostic.file === path);
    if (fault !== undefined) return err({ where: path, what: fault.message, remedy: fault.hint });
    found.push(...folder.folders.map((name) => ({ name, root, dir: join(path, name) })));
    // A link that goes nowhere is listed too: asked for, it says what is wrong with it.
    found.push(
      ...folder.diagnostics.map(({ file }) => ({ name: basename(file), root, dir: file })),
    );
  }
  return ok(found);
}

/** `002` is `002-name` and `002`; when nothing begins so, `2` finds it as well. */
function numbered(argument: string, candidates: readonly Candidate[]): Candidate[] {
  if (!/^\d+$/.test(argument)) return [];
  const prefix = ({ name }: Candidate) => /^(\d+)(?=-|$)/.exec(name)?.[1];
  const exact = candidates.filter((candidate) => prefix(candidate) === argument);
  if (exact.length > 0) return exact;
  const bare = (digits: string | undefined) => digits?.replace(/^0+(?=\d)/, '');
  return candidates.filter((candidate) => bare(prefix(candidate)) === bare(argument));
}

async function atPath(
  path: string,
  candidates: readonly Candidate[],
): Promise<Result<SpecLocation, Problem>> {
  const kind = await kindOf(path);
  if (kind === 'directory') return atDirectory(path);
  if (kind === 'file') {
    if (basename(path) === MANIFEST) return ok(locate(dirname(path)));
    return err({
      where: path,
      what: 'This is not a `manifest.md`.',
      remedy: 'Name a spec directory, its `manifest.md`, or its number.',
    });
  }
  if (kind === 'missing') return err(nowhere(path, candidates));
  return err({
    where: path,
    what: `This cannot be read: ${kind.failure}.`,
    remedy: 'Correct the link or its permissions, or name another spec.',
  });
}

async function only(
  projectDir: string,
  candidates: readonly Candidate[],
): Promise<Result<SpecLocation, Problem>> {
  const specs: SpecLocation[] = [];
  for (const { dir } of candidates)
    if ((await kindOf(join(dir, MANIFEST))) !== 'missing') specs.push(locate(dir));
  const [first, second] = specs;
  if (first === undefined) {
    const [candidate, another] = candidates;
    if (candidate !== undefined && another === undefined) return atDirectory(candidate.dir);
    const have =
      candidates.length === 0
        ? 'There is no spec here'
        : `None of these has a manifest.md: ${list(candidates)}`;
    return err({
      where: join(projectDir, SPEC_ROOTS[0]),
      what: `${have}.`,
      remedy:
        'Lay one out with `implement-factory new "<name>"`, write one in Claude Code with /specify-factory, or name a spec directory.',
    });
  }
  if (second === undefined) return atDirectory(first.dir);
  const open: SpecLocation[] = [];
  for (const spec of specs) if (!(await isCompleted(spec))) open.push(spec);
  const [chosen, other] = open;
  if (chosen !== undefined && other === undefined) return atDirectory(chosen.dir);
  const what =
    chosen === undefined
      ? `Every spec is completed: ${list(specs)}.`
      : `More than one spec is open: ${list(open)}.`;
  return err({
    where: join(projectDir, SPEC_ROOTS[0]),
    what,
    remedy: `Name one of them, e.g. \`${(chosen ?? first).name}\`.`,
  });
}

async function isCompleted({ manifestFile }: SpecLocation): Promise<boolean> {
  const source = await readSource(manifestFile);
  return (
    source.ok &&
    parseFrontmatter(source.value, () => undefined).entries.get('status')?.value === 'completed'
  );
}

const SHOWN = 20;

function list(specs: readonly { readonly name: string }[]): string {
  const names = specs.slice(0, SHOWN).map(({ name }) => name);
  return specs.length > SHOWN
    ? `${names.join(', ')} and ${specs.length - SHOWN} more`
    : names.join(', ');
}

const ambiguous = (argument: string, matches: readonly Candidate[]): Problem => ({
  where: argument,
  what: `\`${argument}\` could be ${matches.map(({ name }) => name).join(' or ')}.`,
  remedy: 'Give the whole name.',
});

function notFound(argument: string, candidates: readonly Candidate[]): Problem {
  const name = nearest(argument, candidates);
  return {
    where: argument,
    what:
      candidates.length === 0
        ? `There is no spec \`${argument}\`; ${SPEC_ROOTS[0]} has none at all.`
        : `There is no spec \`${argument}\`. There are: ${list(candidates)}.`,
    remedy:
      name === undefined
        ? 'Name a spec directory, its `manifest.md`, or its number.'
        : `Did you mean \`${name}\`?`,
  };
}

/** A path that leads nowhere is told with where it was looked for; what it may have meant goes by the folder that it names. */
function nowhere(path: string, candidates: readonly Candidate[]): Problem {
  const folder = basename(basename(path) === MANIFEST ? dirname(path) : path);
  const there = candidates.length === 0 ? '' : ` There are: ${list(candidates)}.`;
  return {
    ...notFound(folder, candidates),
    where: path,
    what: `There is nothing here, nor by this name in ${SPEC_ROOTS.join(' or ')}.${there}`,
  };
}

/** The name that this may be a slip of. */
function nearest(argument: string, candidates: readonly Candidate[]): string | undefined {
  const near = closest(
    argument,
    candidates.flatMap(({ name }) => [name, name.replace(/^\d+-/, '')]),
  );
  return candidates.find(({ name }) => name === near || name.replace(/^\d+-/, '') === near)?.name;
}
