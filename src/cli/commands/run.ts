import { agentName } from '../../agent/index.ts';
import { isOver, openStore } from '../../journal/index.ts';
import { drive, type RunEnd } from '../../orchestrator/index.ts';
import { sweepMarker } from '../../process/index.ts';
import {
  createLiveReporter,
  explainPlan,
  multiplex,
  ndjsonReporter,
  plainReporter,
  type LiveReporter,
  type Reporter,
} from '../../report/index.ts';
import { compose } from '../compose.ts';
import { EXIT } from '../exit.ts';
import { openRun, type Opened } from '../open-run.ts';
import { planOf } from '../plan.ts';
import { guarded } from '../ports/guarded.ts';
import { prepare, type Prepared } from '../prepare.ts';
import { refuse, refused } from '../refusal.ts';
import { RunFlags } from '../settings.ts';
import { Teardown } from '../teardown.ts';
import { isColourful, type World } from '../world.ts';

export interface RunArguments {
  readonly spec: string | undefined;
  readonly flags: Record<string, unknown>;
}

/** Runs a spec, or resumes it where it stopped. */
export async function run(world: World, { spec, flags }: RunArguments): Promise<number> {
  const parsed = RunFlags.safeParse(flags);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    world.stderr.write(`--${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not usable'}\n`);
    return EXIT.invalid;
  }
  const prepared = await prepare(world, spec, parsed.data);
  if (!prepared.ok) return refuse(world, prepared.error);
  if (parsed.data.dryRun) return explain(world, prepared.value);
  if (isComplete(prepared.value) && lastRunIsOver(world, prepared.value))
    return nothingToDo(world, prepared.value);
  const teardown = new Teardown();
  try {
    const { acceptChanges, json } = parsed.data;
    const opened = await openRun(world, prepared.value, { acceptChanges, teardown });
    if (!opened.ok) return refuse(world, opened.error);
    return await perform(world, opened.value, { teardown, json });
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

function explain(world: World, { spec, settings, coder, evaluator, git }: Prepared): number {
  const { service } = settings;
  world.stdout.write(
    explainPlan(planOf(spec, settings), {
      branch: git === 'branch' ? `factory/${spec.name}` : 'none: a private repository in .factory/',
      agents: { code: agentName(coder), evaluation: agentName(evaluator) },
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

async function perform(
  world: World,
  opened: Opened,
  { teardown, json }: { teardown: Teardown; json: boolean },
): Promise<number> {
  const { reporters, live } = reportersFor(world, opened, json);
  const publisher = multiplex(
    reporters,
    (reporter, error) => world.stderr.write(`the ${reporter} reporter failed: ${String(error)}\n`),
    opened.past,
  );
  teardown.add(() => publisher.close());
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
  const interrupt = interruption(world, opened.log.id);
  teardown.add(interrupt.forget);
  const end = await drive(opened.state, guarded(ports), interrupt.signal);
  if (end.kind === 'lost') {
    // The frame of a live view would wipe the message away.
    publisher.close();
    return refuse(world, refused(end.problem, EXIT.stopped).error);
  }
  return exitCodeOf(end, interrupt.heard());
}

function reportersFor(
  world: World,
  { log, repo }: Opened,
  json: boolean,
): { reporters: readonly Reporter[]; live: LiveReporter | null } {
  const began = world.now().getTime();
  const extras = () => ({
    runDir: log.dir,
    elapsedMs: world.now().getTime() - began,
    ...(repo.kind === 'branch' ? {} : { next: `The result is in ${repo.project}.` }),
  });
  const onStdout = json ? [ndjsonReporter((text) => world.stdout.write(text))] : [];
  if (world.stderr.isTTY !== true || json)
    return {
      reporters: [plainReporter((text) => world.stderr.write(text), extras), ...onStdout],
      live: null,
    };
  const live = createLiveReporter({
    stream: world.stderr as NodeJS.WriteStream,
    now: () => performance.now(),
    interval: 250,
    color: isColourful(world),
    extras,
  });
  return { reporters: [live], live };
}

interface Interruption {
  readonly signal: AbortSignal;
  readonly heard: () => NodeJS.Signals | null;
  readonly forget: () => void;
}

/** The first signal stops gracefully, the second at once. */
function interruption(world: World, marker: string): Interruption {
  const controller = new AbortController();
  let first: NodeJS.Signals | null = null;
  const forget = world.onSignal((signal) => {
    if (first !== null) {
      // No grace: it was given after the first one.
      void sweepMarker(marker, 0).finally(() => world.exit(codeOf(signal)));
      return;
    }
    first = signal;
    world.stderr.write(
      `\nStopping (${signal}); once more to stop at once. The same command resumes.\n`,
    );
    controller.abort();
  });
  return { signal: controller.signal, heard: () => first, forget };
}

const codeOf = (signal: NodeJS.Signals): number =>
  ({ SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated, SIGHUP: 129 })[signal as 'SIGINT'] ??
  EXIT.bug;

function exitCodeOf(end: Exclude<RunEnd, { kind: 'lost' }>, signal: NodeJS.Signals | null): number {
  switch (end.kind) {
    case 'finished':
      return end.status === 'completed' ? EXIT.completed : EXIT.failed;
    case 'paused':
      return EXIT.waiting;
    case 'stopped':
      return end.reason === 'signal' && signal !== null ? codeOf(signal) : EXIT.stopped;
  }
}
