import pMap from 'p-map';
import type { FrozenCheck, Infra, Result, ScenarioResult, UnitId } from '../../domain/index.ts';
import { err, ok } from '../../domain/index.ts';
import type { Ground } from '../attempt/attempt.ts';
import { NoProduct } from '../product/copy.ts';
import { groundsOf, onInstance, Turnstile } from './grounds.ts';
import type { Grounds, NotServed, ProductSource } from './grounds.ts';
import type { RecordingProxy } from '../proxy/proxy.ts';
import { createProxy } from '../proxy/proxy.ts';
import { SCENARIOS } from '../settings.ts';
import type { Bench } from '../settings.ts';
import type { Verdict } from './verdicts.ts';
import { tryScenario } from './verdicts.ts';

export interface AsideTask {
  readonly commit: string;
  readonly units: readonly { readonly unit: UnitId; readonly checks: readonly FrozenCheck[] }[];
  /** How often each check is run at first; one that fails is run three times more, on fresh instances. */
  readonly runs: number;
  /** Names the evidence, e.g. `sealed`. */
  readonly occasion: string;
}

/** What became of one check. */
export interface AsideVerdict extends Verdict {
  readonly unit: UnitId;
  readonly check: FrozenCheck;
}

export interface AsideOptions extends ProductSource {
  /** Folder of the run, absolute. */
  readonly runDir: string;
  readonly bench: Bench;
}

export type Aside = (
  task: AsideTask,
  signal: AbortSignal,
) => Promise<Result<readonly AsideVerdict[], Infra>>;

/** Runs checks on an instance of any commit, beside the group's service and without touching it. */
export function createAside(options: AsideOptions): Aside {
  return async (task, signal) => {
    try {
      const measured = await measure(options, task, signal);
      return signal.aborted ? err({ detail: 'the evaluation was interrupted' }) : measured;
    } catch (error) {
      if (!(error instanceof NoProduct)) throw error;
      return err({ detail: error.message });
    }
  };
}

interface Job extends AsideTask {
  readonly options: AsideOptions;
  readonly signal: AbortSignal;
}

async function measure(
  options: AsideOptions,
  task: AsideTask,
  signal: AbortSignal,
): Promise<Result<readonly AsideVerdict[], Infra>> {
  const job = { ...task, options, signal };
  const alone = await onGrounds(
    job,
    await withoutService(job),
    ({ needsService }) => !needsService,
  );
  const talking = ({ needsService }: FrozenCheck) => needsService;
  if (!task.units.some(({ checks }) => checks.some(talking))) return ok(alone);
  const { socketPath } = options.bench;
  const served = await onInstance(
    { source: options, commit: task.commit, socketPath },
    ({ proxy, served: where }) =>
      onGrounds(job, onlyGrounds(options, task.commit, { proxy, served: where }), talking),
  );
  if (served.ok) return ok([...alone, ...served.value]);
  const broken = notServed(served.error);
  return broken === null
    ? served
    : ok([
        ...alone,
        ...task.units.flatMap((unit) =>
          unit.checks
            .filter(talking)
            .map((check) => ({ unit: unit.unit, check, ...broken(check) })),
        ),
      ]);
}

async function onGrounds(
  { options: { runDir, bench }, units, commit, occasion, runs, signal }: Job,
  grounds: Grounds,
  applies: (check: FrozenCheck) => boolean,
): Promise<AsideVerdict[]> {
  const trials = units.flatMap(({ unit, checks }) =>
    checks.filter(applies).map((check) => ({ unit, check })),
  );
  const one = async ({ unit, check }: (typeof trials)[number]): Promise<AsideVerdict[]> => {
    if (signal.aborted) return [];
    const trial = { runDir, bench, unit, iteration: occasion, commit, grounds, runs, signal };
    return [{ unit, check, ...(await tryScenario(trial, check)) }];
  };
  return (await pMap(trials, one, { concurrency: SCENARIOS })).flat();
}

/** Grounds for checks that never talk to a service. */
async function withoutService({ options, commit }: Job): Promise<Grounds> {
  const proxy = await createProxy();
  await proxy.close();
  return onlyGrounds(options, commit, { proxy });
}

/** A product that cannot be served fails whatever asks for it; null where the machine is at fault. */
function notServed({ symptom, detail }: NotServed): ((check: FrozenCheck) => Verdict) | null {
  if (symptom === undefined || symptom === null) return null;
  return ({ scenario }) => {
    const result: ScenarioResult = {
      name: scenario,
      outcome: 'failed',
      attempts: [],
      reason: detail,
    };
    return { result, culprits: [] };
  };
}

const onlyGrounds = (
  options: AsideOptions,
  commit: string,
  {
    proxy,
    served = () => null,
  }: { readonly proxy: RecordingProxy; readonly served?: Ground['served'] },
): Grounds =>
  groundsOf({
    commit,
    source: options,
    proxy,
    turnstile: new Turnstile(),
    served,
    socketPath: options.bench.socketPath,
  });
