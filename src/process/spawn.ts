import { Ending, startTimers, type Timers } from './ending.ts';
import { dieWithUs } from './group.ts';
import type { Child } from './launch.ts';
import type { Exit, Running, Sandbox, SpawnPlan, Watch } from './plan.ts';
import { Record } from './record.ts';
import { start, type Started } from './started.ts';
import { whyImpossible, whyNotStarted } from './summary.ts';

const GRACE_MS = 2000;
/** How long streams may stay open once every process we know of is gone, ms. */
const STREAMS_MS = 250;

/** Starts a process and waits for its end. Never rejects. */
export const run = (plan: SpawnPlan, sandbox: Sandbox, watch?: Watch): Promise<Exit> =>
  spawn(plan, sandbox, watch).ended;

/**
 * Starts a process in a group or a namespace of its own, with exactly the environment of the plan (and a marker). It ends by
 * itself, at a limit of the plan, by `stop`, by `watch.signal`, or at the latest with this process.
 */
export function spawn(plan: SpawnPlan, sandbox: Sandbox, watch: Watch = {}): Running {
  const record = new Record(plan, watch.onLine);
  if (watch.signal?.aborted === true) {
    const exit = record.exit({ cause: 'stopped', code: null, signal: null });
    return neverStarted(Promise.resolve(exit));
  }
  const impossible = whyImpossible(plan);
  if (impossible !== null) {
    const exit = record.exit({ cause: 'not_started', code: null, signal: null }, impossible);
    return neverStarted(Promise.resolve(exit));
  }
  const graceMs = plan.limits?.graceMs ?? GRACE_MS;
  const started = start(plan, sandbox, graceMs);
  const { child, pid } = started;
  if (pid === undefined) return neverStarted(notStarted(child, plan, record));

  const ending = new Ending(started.hold, graceMs);
  const timers = startTimers(plan.limits ?? {}, (cause) => ending.begin(cause), watch.stirs);
  const ended = follow({ started, plan, watch, record, ending, timers });
  return {
    pid,
    ended,
    stop: () => {
      ending.begin('stopped');
      return ended;
    },
    send: (message) => {
      if (!child.connected) return;
      // A child that is just leaving: its end is reported by `ended`.
      child.send(message as object, () => undefined);
    },
    pause: () => timers.pause(),
    restart: () => {
      record.restart();
      timers.restart();
    },
    write: (text) => {
      if (child.stdin?.writable !== true) return;
      if (text === null) child.stdin.end();
      else child.stdin.write(text);
    },
  };
}

interface Life {
  readonly started: Started;
  readonly plan: SpawnPlan;
  readonly watch: Watch;
  readonly record: Record;
  readonly ending: Ending;
  readonly timers: Timers;
}

/** From the first byte to the last stray. Everything that must be undone is registered before the first await. */
async function follow({ started, plan, watch, record, ending, timers }: Life): Promise<Exit> {
  const { child, pid, hold, meaning } = started;
  const exited = new Promise<Pick<Exit, 'code' | 'signal'>>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const closed = allClosed(child, plan);
  const abort = () => ending.begin('stopped');
  const forget = dieWithUs(pid);
  watch.signal?.addEventListener('abort', abort, { once: true });
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      timers.alive();
      if (!record.write(name, chunk)) ending.begin('flood');
    });
  }
  if (watch.onMessage) child.on('message', watch.onMessage);
  // A child may close its stdin, or end, before it has read everything.
  child.stdin?.on('error', () => undefined);
  if (plan.talks !== true) child.stdin?.end(plan.stdin);
  else if (plan.stdin !== undefined) child.stdin?.write(plan.stdin);

  const { code, signal } = await exited;
  timers.clear();
  watch.signal?.removeEventListener('abort', abort);
  ending.over();
  await hold.clear();
  forget();
  await drain(child, closed);
  record.end();
  return exitOf(record, meaning({ code, signal }, record.stderr()), ending.cause);
}

/** What is known of an end, by who began it. */
function exitOf(record: Record, end: ReturnType<Started['meaning']>, begun: Ending['cause']): Exit {
  if (!('notStarted' in end))
    return record.exit({ ...end, cause: begun ?? (end.signal === null ? 'exited' : 'signalled') });
  const none = { code: null, signal: null };
  return begun === undefined
    ? record.exit({ cause: 'not_started', ...none }, end.notStarted)
    : record.exit({ cause: begun, ...none });
}

/** Output and message channel are read to their end. */
async function allClosed(child: Child, plan: SpawnPlan): Promise<void> {
  const happened = (event: 'close' | 'disconnect') =>
    new Promise<void>((resolve) => {
      child.once(event, () => resolve());
    });
  await Promise.all([happened('close'), ...(plan.ipc === true ? [happened('disconnect')] : [])]);
}

/** Waits for the streams to close, but not for one that a process out of our reach keeps open. */
async function drain(child: Child, closed: Promise<void>): Promise<void> {
  const cutOff = setTimeout(() => {
    child.stdout.destroy();
    child.stderr.destroy();
    if (child.connected) child.disconnect();
  }, STREAMS_MS);
  await closed;
  clearTimeout(cutOff);
  await child;
}

async function notStarted(child: Child, plan: SpawnPlan, record: Record): Promise<Exit> {
  const result = await child;
  const error = { code: result.code ?? '', message: result.originalMessage ?? 'unknown reason' };
  const none = { cause: 'not_started', code: null, signal: null } as const;
  return record.exit(none, whyNotStarted(plan, error));
}

const neverStarted = (ended: Promise<Exit>): Running => ({
  pid: undefined,
  ended,
  stop: () => ended,
  send: () => undefined,
  pause: () => undefined,
  restart: () => undefined,
  write: () => undefined,
});
