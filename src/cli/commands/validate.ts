import { err, ok, type Diagnostic, type Problem, type Result } from '../../domain/index.ts';
import { loadSpec, type SpecLocation } from '../../manifest/index.ts';
import { diagnosticsJson, problemText } from '../../report/index.ts';
import { annotateFaults } from '../annotate.ts';
import { allSpecs } from '../all-specs.ts';
import { readConstitution } from '../constitution.ts';
import { EXIT } from '../exit.ts';
import { readFactoryFile } from '../settings/file.ts';
import { locateSpec, projectOf } from '../project.ts';
import { faultsText } from '../refusal.ts';
import type { World } from '../world.ts';

/** Reports every fault of the specs at once. Exit 2 when there is an error. */
export async function validate(
  world: World,
  { specs, json }: { specs: readonly string[]; json: boolean },
): Promise<number> {
  const diagnostics: Diagnostic[] = [];
  const problems: Problem[] = [];
  let checked = 0;
  for (const argument of specs.length === 0 ? await allSpecs(world) : specs) {
    const location = await locate(world, argument);
    if (!location.ok) {
      problems.push(location.error);
      continue;
    }
    checked += 1;
    diagnostics.push(...(await loadSpec(location.value)).diagnostics);
  }
  const file = await readFactoryFile(projectOf(world, specs[0]));
  if (!file.ok) diagnostics.push(...file.error);
  const law = await readConstitution(projectOf(world, specs[0]));
  diagnostics.push(...(law.ok ? (law.value?.diagnostics ?? []) : law.error));
  diagnostics.push(...problems.map(asDiagnostic));
  if (checked === 0 && diagnostics.length === 0)
    diagnostics.push(asDiagnostic(nothingThere(world)));
  const report = diagnosticsJson(diagnostics);
  if (json) world.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else await tell(world, { diagnostics, checked, fine: report.ok });
  annotateFaults(world, diagnostics);
  return report.ok ? EXIT.completed : EXIT.invalid;
}

async function tell(
  world: World,
  {
    diagnostics,
    checked,
    fine,
  }: { diagnostics: readonly Diagnostic[]; checked: number; fine: boolean },
): Promise<void> {
  const placed = diagnostics.filter(({ rule }) => rule !== NO_SPEC);
  for (const { file, message, hint } of diagnostics.filter(({ rule }) => rule === NO_SPEC))
    world.stderr.write(problemText({ where: file, what: message, remedy: hint }));
  if (placed.length > 0) world.stderr.write(await faultsText(world, placed));
  if (fine) world.stderr.write(`${checked} ${checked === 1 ? 'spec is' : 'specs are'} valid\n`);
}

const NO_SPEC = 'spec-not-found';

const asDiagnostic = ({ where, what, remedy }: Problem): Diagnostic => ({
  file: where,
  line: 1,
  column: 1,
  rule: NO_SPEC,
  severity: 'error',
  message: what,
  hint: remedy,
});

const nothingThere = ({ cwd }: World): Problem => ({
  where: cwd,
  what: 'There is no spec here.',
  remedy: 'Run it in a project with .start/specs/, or name a spec.',
});

async function locate(world: World, argument: string): Promise<Result<SpecLocation, Problem>> {
  const found = await locateSpec(world, argument);
  return found.ok ? ok(found.value) : err(found.error);
}
