import type { Command } from 'commander';
import { words } from './values.ts';
import type { World } from '../world.ts';

interface CheckFlags {
  readonly json?: boolean;
  readonly freeze?: string;
  readonly reason?: string;
}

/** Commands that show how a verdict came about. */
export function addVerdicts(
  program: Command,
  world: World,
  report: (exitCode: number) => void,
): void {
  program
    .command('checks')
    .argument('[spec]', 'which spec')
    .argument('[unit]', 'of one unit only')
    .argument('[scenario]', 'print the check of this scenario')
    .description(
      'the checks of a spec: hash, calibration, history; print one, or put your own in its place',
    )
    .option('--json', 'as JSON on stdout')
    .option('--freeze <file>', 'let the check in this file judge the scenario from now on', words)
    .option('--reason <text>', 'why, for the journal', words)
    .action(
      async (
        spec: string | undefined,
        unit: string | undefined,
        scenario: string | undefined,
        { json = false, freeze, reason }: CheckFlags,
      ) => {
        const { checks } = await import('../commands/checks.ts');
        report(await checks(world, { spec, unit, scenario, json, freeze, reason }));
      },
    );
  program
    .command('explain')
    .argument('<spec>', 'which spec')
    .argument('<unit>', 'which unit')
    .description('why a unit passed or failed: scenario by scenario, attempt by attempt')
    .option('--json', 'as JSON on stdout')
    .action(async (spec: string, unit: string, { json = false }: { json?: boolean }) => {
      const { explain } = await import('../commands/explain.ts');
      report(await explain(world, { spec, unit, json }));
    });
}
