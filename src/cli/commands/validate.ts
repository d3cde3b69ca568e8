import type { Diagnostic, Spec } from '../../domain/index.ts';
import { unfinishedIn } from '../../manifest/index.ts';
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
  else await tell(world, { diagnostics, specs: found.map(({ spec }) => spec), fine: report.ok });
  annotateFaults(world, diagnostics);
  return report.ok ? EXIT.completed : EXIT.invalid;
}

async function tell(
  world: World,
  {
    diagnostics,
    specs,
    fine,
  }: {
    diagnostics: readonly Diagnostic[];
    specs: readonly (Spec | null)[];
    fine: boolean;
  },
): Promise<void> {
  const placed = diagnostics.filter(({ rule }) => rule !== NO_SPEC);
  for (const { file, message, hint } of diagnostics.filter(({ rule }) => rule === NO_SPEC))
    world.stderr.write(problemText({ where: file, what: message, remedy: hint }));
  if (placed.length > 0) world.stderr.write(await faultsText(world, placed));
  if (!fine) return;
  world.stderr.write(`${specs.length} ${specs.length === 1 ? 'spec is' : 'specs are'} valid\n`);
  let left = 0;
  for (const spec of specs) left += spec === null ? 0 : await unfinishedIn(spec);
  if (left > 0)
    world.stderr.write(
      `${left} ${left === 1 ? 'place was' : 'places were'} left for later (TODO, TBD, …); \`implement-factory lint\` names ${left === 1 ? 'it' : 'them'}.\n`,
    );
}
