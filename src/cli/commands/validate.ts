import type { Diagnostic } from '../../domain/index.ts';
import { diagnosticsJson, problemText } from '../../report/index.ts';
import { annotateFaults } from '../telling/annotate.ts';
import { EXIT } from '../exit.ts';
import { faultsText } from '../refusal.ts';
import { examine, NO_SPEC } from '../project/validation.ts';
import type { World } from '../world.ts';

/** Reports every fault of the specs at once. Exit 2 when there is an error. */
export async function validate(
  world: World,
  { specs, json }: { specs: readonly string[]; json: boolean },
): Promise<number> {
  const { diagnostics, specs: found } = await examine(world, specs);
  const report = diagnosticsJson(diagnostics);
  if (json) world.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else await tell(world, { diagnostics, checked: found.length, fine: report.ok });
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
