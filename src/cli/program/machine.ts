import type { Command } from 'commander';
import { withSettings } from '../settings/flags.ts';
import type { World } from '../world.ts';

interface CleanFlags {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Commands about this machine and this installation. */
export function addMachine(
  program: Command,
  world: World,
  report: (exitCode: number) => void,
): void {
  program
    .command('doctor')
    .description('what works on this machine: node, git, agents, sandbox, ports')
    .option('--json', 'as JSON on stdout')
    .action(async (flags: { json?: boolean }) => {
      const { doctor } = await import('../commands/doctor.ts');
      report(await doctor(world, { json: flags.json === true }));
    });
  program
    .command('clean')
    .argument('[spec]', 'of this spec only')
    .description(
      'remove what finished runs left to be used again: workspaces, templates, dependencies',
    )
    .option('--dry-run', 'only say what would be removed, and how large it is')
    .option('--json', 'as JSON on stdout')
    .action(async (spec: string | undefined, { dryRun = false, json = false }: CleanFlags) => {
      const { clean } = await import('../commands/clean.ts');
      report(await clean(world, { spec, dryRun, json }));
    });
  withSettings(
    program
      .command('config')
      .argument('[spec]', 'whose manifest has a say too')
      .description('every setting as a run called like this would have it, and where it comes from')
      .option('--json', 'as JSON on stdout')
      .option('--schema', 'print the JSON Schema of .start/factory.yaml'),
  ).action(async (spec: string | undefined, flags: Record<string, unknown>) => {
    const { config } = await import('../commands/config.ts');
    report(await config(world, { spec, flags }));
  });
  program
    .command('init')
    .description('copy the skills for Claude Code into .claude/skills of this project')
    .option('--force', 'write over files that say something else')
    .action(async (flags: { force?: boolean }) => {
      const { init } = await import('../commands/init.ts');
      report(await init(world, { force: flags.force === true }));
    });
  program
    .command('demo')
    .argument(
      '[example]',
      '001 (a service), 002 (a command-line tool) or 003 (a diamond of units)',
      '001',
    )
    .description('run a bundled example with scripted agents: no key, no network')
    .option('--dir <folder>', 'where to put it; a new temporary folder when left out')
    .action(async (example: string, flags: { dir?: string }) => {
      const { demo } = await import('../commands/demo.ts');
      report(await demo(world, { example, dir: flags.dir ?? null }));
    });
}
