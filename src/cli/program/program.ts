import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { ReportFormat } from '../commands/report.ts';
import { withSettings } from '../settings/flags.ts';
import { port, seconds, words } from './values.ts';
import { addMachine } from './machine.ts';
import { addVerdicts } from './verdicts.ts';
import type { World } from '../world.ts';

type Report = (exitCode: number) => void;

/** The command line. Commands are imported when they run, so that `--help` costs next to nothing. */
export function programFor(world: World, report: Report): Command {
  const program = new Command('implement-factory')
    .description(
      'Drives coding agents through a spec directory until the software satisfies its holdout scenarios.',
    )
    .version(versionOf(world))
    .exitOverride()
    .showHelpAfterError('(run with --help for usage)')
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(text),
    })
    .addHelpText('after', EXAMPLES);
  addRun(program, world, report);
  addSpecs(program, world, report);
  addQuestions(program, world, report);
  addVerdicts(program, world, report);
  addMachine(program, world, report);
  return program;
}

const EXAMPLES = `
A spec is a number (002), a name (002-tea-desk), a directory, or a path to its manifest.md.

Examples:
  $ implement-factory demo                          watch a bundled example, no key, no network
  $ implement-factory run 002                       run or resume .start/specs/002-*
  $ implement-factory run 002 --agent 'command:my-agent --yes' --on-escalate skip
  $ implement-factory status 002 --json
  $ implement-factory decide 002 api --retry "the port comes from PORT"
  $ implement-factory finish 002 --merge

Exit codes: 0 completed, 1 finished with failed units, 2 invalid input, 3 waiting for a decision,
4 barrier tripped (run invalid), 5 budget used up (resumable), 70 our bug, 75 stopped by infrastructure (resumable), 129/130/143 interrupted (resumable).
`;

function addRun(program: Command, world: World, report: Report): void {
  const command = program
    .command('run', { isDefault: false })
    .argument('[spec]', 'which spec; the only open one when left out')
    .description('run a spec, or resume it where it stopped')
    .addOption(new Option('--dry-run', 'print the plan and start nothing').conflicts('json'))
    .option('--json', 'one event per line on stdout')
    .addOption(new Option('--all', 'every spec, one after the other').conflicts('detach'))
    .option('--detach', 'go on in a process of its own, and come back when it is at work')
    .option('--accept-changes', 'go on although manifest, unit specs or scenarios changed')
    .option('--fresh', 'leave an unfinished or invalid run and begin a new one');
  withSettings(command)
    .addHelpText('after', SETTINGS_HELP)
    .action(async (spec: string | undefined, { detach, ...flags }: Record<string, unknown>) => {
      if (detach === true) {
        const { runDetached } = await import('../run/detach.ts');
        return report(await runDetached(world, spec));
      }
      const { runSpecs } = await import('../commands/run-specs.ts');
      report(await runSpecs(world, { spec, flags }));
    });
}

const SETTINGS_HELP = `
Every flag with a default is a setting: also a key of .start/factory.yaml and a variable of the environment (--max-cost, max_cost,
IMPLEMENT_FACTORY_MAX_COST). Flags beat variables, variables the file. \`implement-factory config\` shows what holds, and why.
`;

function addSpecs(program: Command, world: World, report: Report): void {
  program
    .command('validate')
    .argument('[spec...]', 'which specs; all of them when left out')
    .description('report every fault of a spec directory at once')
    .option('--json', 'diagnostics as JSON on stdout')
    .action(async (specs: string[], flags: { json?: boolean }) => {
      const { validate } = await import('../commands/validate.ts');
      report(await validate(world, { specs, json: flags.json === true }));
    });
  program
    .command('lint')
    .argument('[spec...]', 'which specs; all of them when left out')
    .description('say what valid specs could do better: leaks, gaps, vague expectations')
    .option('--fix', 'make the execution order anew from the dependencies')
    .option('--json', 'findings as JSON on stdout')
    .action(async (specs: string[], flags: { json?: boolean; fix?: boolean }) => {
      const { lint } = await import('../commands/lint.ts');
      report(await lint(world, { specs, json: flags.json === true, fix: flags.fix === true }));
    });
  program
    .command('new')
    .argument('<name>', 'what the spec is about, in a few words')
    .description('lay out the next spec directory from templates')
    .action(async (name: string) => {
      const { newSpec } = await import('../commands/new.ts');
      report(await newSpec(world, name));
    });
}

interface WaitFlags {
  readonly timeout: number;
  readonly change?: boolean;
  readonly since?: string;
  readonly json?: boolean;
}

function addQuestions(program: Command, world: World, report: Report): void {
  program
    .command('status')
    .argument('[spec]', 'which spec')
    .description('where a spec stands, also while it runs')
    .option('--json', 'as JSON on stdout')
    .action(async (spec: string | undefined, flags: { json?: boolean }) => {
      const { status } = await import('../commands/status.ts');
      report(await status(world, { spec, json: flags.json === true }));
    });
  program
    .command('report')
    .argument('[spec]', 'which spec')
    .description('its last run as a page, as Markdown, for a CI, or as data')
    .addOption(
      new Option('--format <format>', 'what to make of it')
        .choices(['html', 'md', 'junit', 'json'])
        .default('md'),
    )
    .option('--output <file>', 'where to put it; stdout when left out', words)
    .action(async (spec: string | undefined, flags: { format: ReportFormat; output?: string }) => {
      const { report: render } = await import('../commands/report.ts');
      report(await render(world, { spec, format: flags.format, output: flags.output }));
    });
  program
    .command('wait')
    .argument('[spec]', 'which spec')
    .description('wait until a run needs somebody: it asks, is over, or stopped')
    .option('--timeout <seconds>', 'at most this long', seconds, 540)
    .option('--change', 'come back at the first thing worth telling')
    .option('--since <cursor>', 'tell what happened since an earlier answer')
    .option('--json', 'as JSON on stdout')
    .action(async (spec: string | undefined, flags: WaitFlags) => {
      const { wait } = await import('../commands/wait.ts');
      const { timeout, since, change = false, json = false } = flags;
      report(await wait(world, { spec, timeout, since, change, json }));
    });
  program
    .command('decide')
    .argument('<spec>', 'which spec')
    .argument('<subject>', 'a unit, or `service`')
    .description('answer a question of a run, also while it goes on')
    .option('--retry <guidance>', 'try again with this advice for the code agent', words)
    .option('--skip', 'leave the box open and go on')
    .option('--accept', 'take violations of CONSTITUTION.md as they are')
    .option('--abort', 'end the run as failed')
    .option('--recheck <scenario>', 'compile and evaluate a scenario anew')
    .option('--start <command>', 'how the service is started', words)
    .option('--port <n>', 'its port', port)
    .action(async (spec: string, subject: string, flags: Record<string, unknown>) => {
      const { decide } = await import('../commands/decide.ts');
      report(await decide(world, { spec, subject, flags }));
    });
  program
    .command('audit')
    .argument('[spec]', 'which spec')
    .description('make the receipt of the last run again, from journal and repository, and compare')
    .option('--json', 'as JSON on stdout')
    .action(async (spec: string | undefined, flags: { json?: boolean }) => {
      const { audit } = await import('../commands/audit.ts');
      report(await audit(world, { spec, json: flags.json === true }));
    });
  program
    .command('finish')
    .argument('[spec]', 'which spec')
    .description(
      'what to do with the run branch of a finished spec, or with its work where there is none',
    )
    .option('--merge', 'merge it into the branch that is checked out')
    .option('--pr', 'push it and open a pull request with gh')
    .option('--leave', 'leave it as it is')
    .option('--test', "without git: run the project's tests where the work is now")
    .option('--review', 'without git: say what to look at')
    .action(async (spec: string | undefined, flags: Record<string, unknown>) => {
      const { finish } = await import('../commands/finish.ts');
      report(await finish(world, { spec, flags }));
    });
}

function versionOf({ packageDir }: World): string {
  const { version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
