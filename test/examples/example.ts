import { readdirSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scenario, Spec, Stub, Stubs, UnitId } from '../../src/domain/index.ts';
import { loadSpec, resolveSpec } from '../../src/manifest/index.ts';

export const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));

/** An example as a run meets it. */
export interface Example {
  readonly name: string;
  readonly spec: Spec;
  readonly stubs: ReadonlyMap<UnitId, Stubs>;
}

export const exampleNames = (): string[] => readdirSync(join(EXAMPLES, '.start/specs')).sort();

export async function loadExample(name: string): Promise<Example> {
  const location = await resolveSpec(EXAMPLES, name);
  if (!location.ok) throw new Error(location.error.what);
  const { spec, diagnostics, stubs } = await loadSpec(location.value);
  if (spec === null || diagnostics.length > 0)
    throw new Error(JSON.stringify(diagnostics, null, 2));
  return { name, spec, stubs };
}

/** Unit ids in the order a run takes them. */
export const unitsInOrder = ({ spec }: Example): UnitId[] =>
  spec.manifest.groups.flatMap((group) => group.units);

export const scenariosOf = ({ spec }: Example): Scenario[] => [...spec.scenarios.values()].flat();

/** Whether anything of it is tried twice: otherwise the first tries are the last. */
export const isRetried = (name: string): boolean =>
  readdirSync(join(EXAMPLES, 'scripted', name)).some(
    (unit) => tries({ name }, unit as UnitId).length > 1,
  );

/** Folders of a unit's prepared code, first try first. */
export function tries({ name }: Pick<Example, 'name'>, unit: UnitId): string[] {
  const root = join(EXAMPLES, 'scripted', name, unit, 'code');
  const numbers = readdirSync(root).sort((a, b) => Number(a) - Number(b));
  return numbers.map((number) => join(root, number));
}

/** Files of a folder, relative to it. */
export const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();

/** The project with the work of every unit in it: of their first tries, or of all of them. */
export async function materialise(
  example: Example,
  { tree, upTo }: { readonly tree: string; readonly upTo: 'nothing' | 'first' | 'last' },
): Promise<void> {
  await mkdir(tree, { recursive: true });
  await cp(join(EXAMPLES, 'projects', example.name), tree, { recursive: true });
  if (upTo === 'nothing') return;
  for (const unit of unitsInOrder(example)) {
    for (const folder of tries(example, unit).slice(0, upTo === 'first' ? 1 : undefined)) {
      await play(folder, tree);
    }
  }
}

async function play(folder: string, tree: string): Promise<void> {
  const list = join(folder, 'DELETE.txt');
  await cp(folder, tree, { recursive: true, filter: (file) => file !== list });
  if (!filesOf(folder).includes('DELETE.txt')) return;
  for (const doomed of (await readFile(list, 'utf8')).trim().split('\n'))
    await rm(join(tree, doomed));
}

/** Files of everything that measures the example: prepared checks, and the stubs that run as they are, written to `folder`. */
export async function measures(example: Example, folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const unit of unitsInOrder(example)) {
    const checks = join(EXAMPLES, 'scripted', example.name, unit, 'checks');
    const scenarios = example.spec.scenarios.get(unit) ?? [];
    const prepared = filesOf(checks).map((file) => join(checks, file));
    found.push(...prepared, ...(await selfContained(example.stubs.get(unit), folder)));
    const names = new Set(scenarios.map((scenario) => `${scenario.name}.mjs`));
    const strays = filesOf(checks).filter((file) => !names.has(file));
    if (strays.length > 0) throw new Error(`checks without a scenario: ${strays.join(', ')}`);
  }
  return found;
}

async function selfContained(stubs: Stubs | undefined, folder: string): Promise<string[]> {
  const extension = stubs?.framework === 'shell' ? 'sh' : 'mjs';
  if (!stubs || !['shell', 'node:test'].includes(stubs.framework ?? '')) return [];
  await mkdir(folder, { recursive: true });
  return Promise.all(
    stubs.stubs.map(async (stub: Stub) => {
      const file = join(folder, `${stub.scenario}.stub.${extension}`);
      const code = `${stubs.setup?.code ?? ''}\n${stub.code}\n`.replaceAll(
        /\b(it|test)\.skip\(/g,
        '$1(',
      );
      await writeFile(file, code);
      return file;
    }),
  );
}
