import { agentName } from '../../agent/index.ts';
import { explainPlan } from '../../report/index.ts';
import { EXIT } from '../exit.ts';
import { execute, exitCodeOf, type Audience, type Executed } from '../run/execute.ts';
import { interruption } from '../run/interruption.ts';
import type { Opened } from '../run/open-run.ts';
import { planOf } from '../run/plan.ts';
import { prepare, type Prepared } from '../run/prepare.ts';
import { lastRunOf } from '../project/last-run.ts';
import { runBranchOf } from '../project/run-branch.ts';
import { diskLeft } from '../telling/disk-left.ts';
import { promptsAt } from '../telling/prompt.ts';
import { refuse } from '../refusal.ts';
import { reportersFor } from '../telling/reporters.ts';
import { isInteractive, type World } from '../world.ts';

export interface RunArguments {
  readonly spec: string | undefined;
  readonly flags: Record<string, unknown>;
  /** Where no sandbox works, go on without one and say so. */
  readonly orAdvisory?: boolean;
}

/** Flags about one call only: they are no settings. */
const once = (flags: Readonly<Record<string, unknown>>) => ({
  dryRun: flags['dryRun'] === true,
  json: flags['json'] === true,
  acceptChanges: flags['acceptChanges'] === true,
  fresh: flags['fresh'] === true,
});

/** Runs a spec, or resumes it where it stopped. */
export async function run(
  world: World,
  { spec, flags, orAdvisory = false }: RunArguments,
): Promise<number> {
  const { dryRun, json, acceptChanges, fresh } = once(flags);
  const prepared = await prepare(world, spec, flags);
  if (!prepared.ok) return refuse(world, prepared.error);
  if (dryRun) return explain(world, prepared.value);
  // Heard from the start: opening a run takes a moment, and must not be cut off half-way either.
  const interrupt = interruption(world);
  try {
    const executed = await execute(world, prepared.value, {
      acceptChanges,
      fresh,
      orAdvisory,
      interrupt,
      audience: (opened) => atTerminal(world, opened, json),
    });
    switch (executed.kind) {
      case 'refused':
        return refuse(world, executed.refusal);
      case 'nothing':
        return await nothingToDo(world, prepared.value, json);
      case 'ended':
        await tellDisk(world, executed);
        return exitCodeOf(executed.end, interrupt.heard());
    }
  } finally {
    interrupt.forget();
  }
}

/** Reporters and prompts of this process; above the frame of a live view, which words would otherwise be drawn into. */
function atTerminal(world: World, opened: Opened, json: boolean): Audience {
  const { reporters, live } = reportersFor(world, opened, json);
  return {
    reporters,
    say(text) {
      live?.pause();
      world.stderr.write(text);
      live?.resume();
    },
    answer:
      json || !isInteractive(world)
        ? null
        : promptsAt(world, async (prompt) => {
            live?.pause();
            try {
              return await prompt();
            } finally {
              live?.resume();
            }
          }),
  };
}

/** Measured when all is taken down: what is there now stays. */
async function tellDisk(world: World, ended: Extract<Executed, { kind: 'ended' }>) {
  const { project, spec, log } = ended.run;
  const over = ended.end.kind === 'finished';
  const left = await diskLeft(world, { project, spec: spec.name, runDir: log.dir, over });
  world.stderr.write(`Disk: ${left}\n`);
}

/** With `--json` the reader of events still gets the one that says how it ended: that of the run that completed it, if its journal is here. */
async function nothingToDo(world: World, { spec, git }: Prepared, json: boolean): Promise<number> {
  const last = await lastRunOf(world, spec.dir);
  const end = last.ok ? last.value.log?.events.at(-1) : undefined;
  if (json && end !== undefined) world.stdout.write(`${JSON.stringify(end)}\n`);
  const branch = git === 'branch' && last.ok ? await runBranchOf(world, last.value) : null;
  const work =
    branch === null || branch.merged !== 'no'
      ? ''
      : `Its work is on ${branch.name}: implement-factory finish ${spec.name} --merge | --pr | --leave\n`;
  world.stderr.write(
    `${spec.name} is completed: every box is ticked. To build a unit again, untick it.\n${work}`,
  );
  return EXIT.completed;
}

function explain(world: World, prepared: Prepared): number {
  const { spec, settings, evaluator, git } = prepared;
  const { service } = settings;
  world.stdout.write(
    explainPlan(planOf(spec, settings), {
      branch: git === 'branch' ? `factory/${spec.name}` : 'none: a private repository in .factory/',
      agents: { code: codersOf(prepared), evaluation: agentName(evaluator) },
      service:
        service.kind === 'declared'
          ? service.service.start
          : service.kind === 'none'
            ? 'none'
            : 'discovered when a check needs it',
      agentWallMs: settings.caps.wallMs,
    }),
  );
  return EXIT.completed;
}

/** `claude; codex for api; opus after failing 2×`. */
function codersOf({ coder, unitAgents, settings: { escalate } }: Prepared): string {
  const own = [...unitAgents].map(([unit, choice]) => `${agentName(choice)} for ${unit}`);
  const ladder =
    escalate === null ? [] : [`${escalate.model} after failing ${String(escalate.after)}×`];
  return [agentName(coder), ...own, ...ladder].join('; ');
}
