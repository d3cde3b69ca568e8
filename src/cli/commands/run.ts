import { agentName } from '../../agent/index.ts';
import { isOver, openStore } from '../../journal/index.ts';
import { drive, type RunEnd } from '../../orchestrator/index.ts';
import { explainPlan, multiplex, type LiveReporter } from '../../report/index.ts';
import { compose } from '../compose.ts';
import { EXIT } from '../exit.ts';
import { codeOf, interruption, type Interruption } from '../interruption.ts';
import { notifierFor } from '../notify.ts';
import { openRun, type Opened } from '../open-run.ts';
import { planOf } from '../plan.ts';
import { guarded } from '../ports/guarded.ts';
import { findAgents, prepare, type Prepared } from '../prepare.ts';
import { leaveReceipt } from '../receipt.ts';
import { refuse, refused } from '../refusal.ts';
import { reportersFor } from '../reporters.ts';
import { Teardown } from '../teardown.ts';
import type { World } from '../world.ts';

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
  if (isComplete(prepared.value) && lastRunIsOver(world, prepared.value))
    return nothingToDo(world, prepared.value);
  const agents = await findAgents(world, prepared.value);
  if (!agents.ok) return refuse(world, agents.error);
  const teardown = new Teardown();
  // Heard from the start: opening a run takes a moment, and must not be cut off half-way either.
  const interrupt = interruption(world);
  teardown.add(interrupt.forget);
  try {
    const opened = await openRun(world, prepared.value, {
      acceptChanges,
      fresh,
      teardown,
      orAdvisory,
    });
    if (!opened.ok) return refuse(world, opened.error);
    return await perform(world, opened.value, { teardown, json, interrupt });
  } finally {
    await teardown.unwind();
  }
}

const isComplete = ({ spec: { manifest } }: Prepared): boolean =>
  manifest.status === 'completed' && manifest.units.every(({ done }) => done);

/** False after a kill between the last tick and the end: what is left of that run is taken up. */
function lastRunIsOver(world: World, { project, location }: Prepared): boolean {
  const store = openStore(project, world.now);
  const last = store.lastRun(location.name);
  if (!last.ok) return false;
  if (last.value === null) return true;
  const log = store.readRun(last.value);
  return log.ok && (log.value.events.length === 0 || isOver(log.value.events));
}

/** A run of nothing would hide the results of the last one. */
function nothingToDo(world: World, { spec }: Prepared): number {
  world.stderr.write(
    `${spec.name} is completed: every box is ticked. To build a unit again, untick it.\n`,
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

/** Above the frame of a live view, which would otherwise be drawn into it. */
function say(world: World, live: LiveReporter | null, text: string): void {
  live?.pause();
  world.stderr.write(text);
  live?.resume();
}

async function perform(
  world: World,
  opened: Opened,
  { teardown, json, interrupt }: { teardown: Teardown; json: boolean; interrupt: Interruption },
): Promise<number> {
  const { reporters, live } = reportersFor(world, opened, json);
  const notifier = notifierFor(world, opened, { warn: (text) => say(world, live, text) });
  if (notifier !== null) teardown.add(() => notifier.settled());
  const publisher = multiplex(
    notifier === null ? reporters : [...reporters, notifier],
    (reporter, error) => world.stderr.write(`the ${reporter} reporter failed: ${String(error)}\n`),
    opened.past,
  );
  teardown.add(() => publisher.close());
  interrupt.during({ marker: opened.log.id, say: (text) => say(world, live, text) });
  for (const event of opened.opening) publisher.publish(event);
  const ports = await compose({
    world,
    run: opened,
    teardown,
    json,
    publish: (event) => publisher.publish(event),
    async aside(prompt) {
      live?.pause();
      try {
        return await prompt();
      } finally {
        live?.resume();
      }
    },
  });
  const end = await drive(opened.state, guarded(ports), interrupt.signal);
  if (end.kind !== 'lost') await leaveReceipt(world, opened);
  if (end.kind === 'lost') {
    // The frame of a live view would wipe the message away.
    publisher.close();
    return refuse(world, refused(end.problem, EXIT.stopped).error);
  }
  return exitCodeOf(end, interrupt.heard());
}

function exitCodeOf(end: Exclude<RunEnd, { kind: 'lost' }>, signal: NodeJS.Signals | null): number {
  switch (end.kind) {
    case 'finished':
      return end.status === 'completed' ? EXIT.completed : EXIT.failed;
    case 'paused':
      return EXIT.waiting;
    case 'stopped':
      if (end.reason === 'tripped') return EXIT.tripped;
      if (end.reason === 'budget') return EXIT.exhausted;
      return end.reason === 'signal' && signal !== null ? codeOf(signal) : EXIT.stopped;
  }
}
