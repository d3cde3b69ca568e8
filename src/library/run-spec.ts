import {
  embeddedWorld,
  execute,
  EXIT,
  exitCodeOf,
  isMachines,
  machineProblem,
  prepare,
  refused,
  SETTING_NAMES,
  textsOf,
  type Executed,
  type Refusal,
  type Said,
} from '../cli/index.ts';
import type { RunEvent } from '../domain/index.ts';
import type { RunOutcome, RunSpecOptions, SpecRun } from './options.ts';
import { Stream } from './stream.ts';

/**
 * Runs a spec, or takes it up where it stopped, exactly as `implement-factory run` does. It begins at once, whether or not anybody reads its events;
 * leaving the loop over them stops it. Expected failures are outcomes; what is thrown is our bug, or was thrown by `onQuestion`.
 */
export function runSpec(options: RunSpecOptions): SpecRun {
  const own = new AbortController();
  const events = new Stream<RunEvent>(async () => {
    own.abort();
    await settled;
  });
  const { signal = own.signal } = options;
  const outcome = perform(options, AbortSignal.any([signal, own.signal]), events);
  const settled = outcome.then(
    () => events.end(),
    (error: unknown) => events.end({ error }),
  );
  return { outcome, [Symbol.asyncIterator]: () => events };
}

async function perform(
  options: RunSpecOptions,
  signal: AbortSignal,
  events: Stream<RunEvent>,
): Promise<RunOutcome> {
  const { acceptChanges = false, fresh = false, ...settings } = options.settings ?? {};
  const unknown = Object.keys(settings).find((name) => !NAMES.has(name));
  if (unknown !== undefined) return refusal(noSetting(unknown));
  const { project, env, proxyFor = () => '', log = () => undefined } = options;
  const world = embeddedWorld(process, { cwd: project, env, proxyFor, log });
  try {
    const prepared = await prepare(world, options.spec, asFlags(settings));
    if (!prepared.ok) return refusal(prepared.error);
    const executed = await execute(world, prepared.value, {
      acceptChanges,
      fresh,
      orAdvisory: false,
      interrupt: { signal, heard: () => null, during: () => undefined, forget: () => undefined },
      audience: () => ({
        reporters: [{ name: 'stream', report: ({ event }) => events.push(event), close() {} }],
        say: log,
        answer: answering(options),
      }),
    });
    return outcomeOf(executed);
  } catch (error) {
    if (!isMachines(error)) throw error;
    return refusal(refused(machineProblem(error), EXIT.stopped).error);
  }
}

const NAMES: ReadonlySet<string> = new Set(SETTING_NAMES);

/** Left out silently, a misspelt budget would be none. */
const noSetting = (name: string): Refusal =>
  refused({
    where: `settings.${name}`,
    what: 'There is no such setting.',
    remedy: 'Use the flags of `implement-factory run`, in camel case.',
  }).error;

/** Settings as a command line has them, so that one reader judges both. */
const asFlags = (settings: Said): Record<string, readonly string[]> =>
  Object.fromEntries(
    SETTING_NAMES.flatMap((name) => {
      const value = settings[name];
      return value === undefined ? [] : [[name, textsOf(value)] as const];
    }),
  );

function answering({ onQuestion }: RunSpecOptions) {
  if (onQuestion === undefined) return null;
  return async (question: Parameters<typeof onQuestion>[0], { signal }: { signal: AbortSignal }) =>
    onQuestion(question, { signal });
}

function outcomeOf(executed: Executed): RunOutcome {
  switch (executed.kind) {
    case 'refused':
      return { ...refusal(executed.refusal), runDir: executed.runDir ?? null };
    case 'nothing':
      return ended(EXIT.completed, 'It is completed: every box is ticked.');
    case 'ended': {
      const { end, run } = executed;
      return {
        ...ended(exitCodeOf(end, null), end.kind === 'stopped' ? end.detail : null),
        runDir: run.log.dir,
        branch: run.branch === '' || run.git === 'none' ? null : run.branch,
      };
    }
  }
}

const refusal = ({ code, text, faults = [] }: Refusal): RunOutcome => ({
  ...ended(code, text.trimEnd()),
  diagnostics: faults,
});

const ended = (exitCode: number, message: string | null): RunOutcome => ({
  status: STATUS[exitCode] ?? 'stopped',
  exitCode,
  message,
  diagnostics: [],
  runDir: null,
  branch: null,
});

const STATUS: Readonly<Record<number, RunOutcome['status']>> = {
  [EXIT.completed]: 'completed',
  [EXIT.failed]: 'failed',
  [EXIT.invalid]: 'invalid',
  [EXIT.waiting]: 'waiting',
  [EXIT.tripped]: 'tripped',
  [EXIT.exhausted]: 'exhausted',
};
