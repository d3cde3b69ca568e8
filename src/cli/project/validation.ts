import type { Diagnostic, Problem, Spec } from '../../domain/index.ts';
import { loadSpec } from '../../manifest/index.ts';
import { allSpecs } from './all-specs.ts';
import { readConstitution } from './constitution.ts';
import { readFactoryFile } from '../settings/file.ts';
import { locateSpec, projectOf } from './project.ts';
import type { World } from '../world.ts';

export interface Examined {
  readonly diagnostics: readonly Diagnostic[];
  /** What was found; without errors a spec is whole. */
  readonly specs: readonly { readonly dir: string; readonly spec: Spec | null }[];
}

/** Every fault of specs (all of the project when none is named), of `factory.yaml` and of `CONSTITUTION.md`. Starts and changes nothing. */
export async function examine(
  world: Pick<World, 'cwd'>,
  named: readonly string[],
): Promise<Examined> {
  const diagnostics: Diagnostic[] = [];
  const problems: Problem[] = [];
  const specs: { dir: string; spec: Spec | null }[] = [];
  for (const argument of named.length === 0 ? await allSpecs(world) : named) {
    const location = await locateSpec(world, argument);
    if (!location.ok) {
      problems.push(location.error);
      continue;
    }
    const loaded = await loadSpec(location.value);
    specs.push({ dir: location.value.dir, spec: loaded.spec });
    diagnostics.push(...loaded.diagnostics);
  }
  const project = projectOf(world, named[0]);
  const file = await readFactoryFile(project);
  if (!file.ok) diagnostics.push(...file.error);
  const law = await readConstitution(project);
  diagnostics.push(...(law.ok ? (law.value?.diagnostics ?? []) : law.error));
  diagnostics.push(...problems.map(asDiagnostic));
  if (specs.length === 0 && diagnostics.length === 0)
    diagnostics.push(asDiagnostic(nothingThere(world)));
  return { diagnostics, specs };
}

/** Rule of what has no place in a file. */
export const NO_SPEC = 'spec-not-found';

const asDiagnostic = ({ where, what, remedy }: Problem): Diagnostic => ({
  file: where,
  line: 1,
  column: 1,
  rule: NO_SPEC,
  severity: 'error',
  message: what,
  hint: remedy,
});

const nothingThere = ({ cwd }: Pick<World, 'cwd'>): Problem => ({
  where: cwd,
  what: 'There is no spec here.',
  remedy:
    'Run it in a project with .start/specs/, name a spec, or lay one out with `implement-factory new "<name>"`.',
});
