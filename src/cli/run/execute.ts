import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { clearLeftovers } from '../../barrier/index.ts';
import type { RunEvent } from '../../domain/index.ts';
import { isOver, openStore, type RunLog } from '../../journal/index.ts';
import { drive, type RunEnd } from '../../orchestrator/index.ts';
import { multiplex, type Reporter } from '../../report/index.ts';
import { compose } from './compose.ts';
import { EXIT } from '../exit.ts';
import { codeOf, type Interruption } from './interruption.ts';
import { notifierFor } from '../telling/notify.ts';
import { openRun, type Opened } from './open-run.ts';
import { guarded } from '../ports/guarded.ts';
import type { Answer } from '../ports/person.ts';
import { findAgents, type Prepared } from './prepare.ts';
import { leaveMissingReceipt, leaveReceipt } from './receipt.ts';
import { lockFor } from './spec-lock.ts';
import { scratchOf } from '../project/project.ts';
import { refused, type Refusal } from '../refusal.ts';
import type { Beginning } from './unfinished-run.ts';
import { Teardown } from './teardown.ts';
import type { World } from '../world.ts';

/** Whoever starts a run: the command line, or a program by the library. */
export interface Caller extends Beginning {
  /** Where no sandbox works, go on without one and say so. */
  readonly orAdvisory: boolean;
  readonly interrupt: Interruption;
  /** Asked once there is a run to tell of. */
  readonly audience: (opened: Opened) => Audience;
}

/** Who is told of a run, and answers for it. */
export interface Audience {
  readonly reporters: readonly Reporter[];
  /** Words for a person that are no event. */
  readonly say: (text: string) => void;
  /** Null: questions are left to `decide`. */
  readonly answer: Answer | null;
}

export type Executed =
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly runDir?: string }
  /** Every box was ticked already, and a run of nothing would hide the results of the last one. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'ended'; readonly end: Ended; readonly run: Opened };

type Ended = Exclude<RunEnd, { kind: 'lost' }>;

/** Begins or takes up a run and drives it to its end; what it set up is taken down on every path. */
export async function execute(
  world: World,
  prepared: Prepared,
  { interrupt, audience, ...beginning }: Caller,
): Promise<Executed> {
  const last = isComplete(prepared) ? lastRun(world, prepared) : 'open';
  if (last !== 'open') {
    if (last !== null) await tidyBehind(world, prepared, last);
    return { kind: 'nothing' };
  }
  const agents = await findAgents(world, prepared);
  if (!agents.ok) return { kind: 'refused', refusal: agents.error };
  const teardown = new Teardown();
  try {
    const opened = await openRun(world, prepared, { ...beginning, teardown });
    if (!opened.ok) return { kind: 'refused', refusal: opened.error };
    return await perform(world, opened.value, {
      teardown,
      interrupt,
      audience: audience(opened.value),
    });
  } finally {
    await teardown.unwind();
  }
}

const isComplete = ({ spec: { manifest } }: Prepared): boolean =>
  manifest.status === 'completed' && manifest.units.every(({ done }) => done);

/** The last run, if it is over; null: there is none. `open` after a kill between the last tick and the end: what is left of it is taken up. */
function lastRun(world: World, { project, location }: Prepared): RunLog | 'open' | null {
  const store = openStore(project, world.now);
  const last = store.lastRun(location.name);
  if (!last.ok) return 'open';
  if (last.value === null) return null;
  const log = store.readRun(last.value);
  return log.ok && (log.value.events.length === 0 || isOver(log.value.events)) ? log.value : 'open';
}

/** Killed after its very last line, a run was over and had not tidied up. Whoever holds the lock does so by itself. */
async function tidyBehind(world: World, prepared: Prepared, last: RunLog): Promise<void> {
  const { project, location } = prepared;
  const scratch = join(scratchOf(world, project), location.name);
  if (!existsSync(scratch)) return;
  const lock = await lockFor(world, prepared);
  if (!lock.ok) return;
  try {
    await leaveMissingReceipt(world, prepared, last);
    await clearLeftovers(scratch);
  } finally {
    lock.value.release();
  }
}

interface Performance {
  readonly teardown: Teardown;
  readonly interrupt: Interruption;
  readonly audience: Audience;
}

async function perform(
  world: World,
  run: Opened,
  { teardown, interrupt, audience }: Performance,
): Promise<Executed> {
  const { reporters, say } = audience;
  const notifier = notifierFor(world, run, { warn: say });
  if (notifier !== null) teardown.add(() => notifier.settled());
  const publisher = multiplex(
    notifier === null ? reporters : [...reporters, notifier],
    (reporter, error) => say(`the ${reporter} reporter failed: ${String(error)}\n`),
    run.past,
  );
  teardown.add(() => publisher.close());
  interrupt.during({ marker: run.log.id, say });
  const publish = (event: RunEvent) => publisher.publish(event);
  for (const event of run.opening) publish(event);
  const ports = await compose({ world, run, teardown, publish, answer: audience.answer });
  const end = await drive(run.state, guarded(ports), interrupt.signal);
  if (end.kind !== 'lost') {
    await leaveReceipt(world, run);
    return { kind: 'ended', end, run };
  }
  // The frame of a live view would wipe the message away.
  publisher.close();
  return { ...refusal(end.problem), runDir: run.log.dir };
}

const refusal = (
  problem: Parameters<typeof refused>[0],
): Extract<Executed, { kind: 'refused' }> => ({
  kind: 'refused',
  refusal: refused(problem, EXIT.stopped).error,
});

/** As the README lists them; `signal` is what interrupted the process, if one did. */
export function exitCodeOf(end: Ended, signal: NodeJS.Signals | null): number {
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
