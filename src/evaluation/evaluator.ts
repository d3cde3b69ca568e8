import pMap from 'p-map';
import type { Observation } from '../barrier/index.ts';
import type {
  EvaluationTask,
  FrozenCheck,
  Infra,
  Measured,
  Result,
  ScenarioResult,
  UnitId,
} from '../domain/index.ts';
import { err, ok } from '../domain/index.ts';
import type { ProductSource } from './grounds.ts';
import { groundsOf, Turnstile } from './grounds.ts';
import type { ProductFiles } from './copy.ts';
import { NoProduct } from './copy.ts';
import type { RecordingProxy } from './proxy.ts';
import { SCENARIOS } from './settings.ts';
import type { Bench } from './settings.ts';
import type { Verdict } from './verdicts.ts';
import { tryScenario } from './verdicts.ts';

export interface EvaluatorOptions extends ProductSource {
  /** Folder of the run, absolute; checks are below it, evidence is written there. */
  readonly runDir: string;
  readonly bench: Bench;
  /** The caller points it at the group's service. */
  readonly proxy: RecordingProxy;
  /** The tree that the group's service runs in; null while none is up. */
  readonly served: () => ProductFiles | null;
  /** Names of the unit's scenarios, in the order of reports: the denominator. */
  readonly scenarios: (unit: UnitId) => readonly string[];
  /** The barrier's: turns what was seen into what a code agent may know. */
  readonly symptoms: (unit: UnitId, seen: readonly Observation[]) => readonly string[];
}

/** Runs frozen checks and computes the verdicts. A service that dies meanwhile is a product that fails. */
export function createEvaluator(options: EvaluatorOptions): {
  evaluate(task: EvaluationTask, signal: AbortSignal): Promise<Result<Measured, Infra>>;
} {
  const turnstile = new Turnstile();
  return {
    async evaluate(task, signal) {
      let verdicts: readonly Verdict[];
      try {
        verdicts = await pMap(
          task.checks,
          (check) => tryOne(options, { task, check, signal, turnstile }),
          { concurrency: SCENARIOS },
        );
        if (signal.aborted) return err({ detail: 'the evaluation was interrupted' });
      } catch (error) {
        if (!(error instanceof NoProduct)) throw error;
        return err({ detail: error.message });
      }
      const scenarios = inOrder(options.scenarios(task.unit), [
        ...verdicts.map((verdict) => verdict.result),
        ...task.broken.map(({ scenario, reason }) => inconclusive(scenario, reason)),
      ]);
      const culprits = verdicts.flatMap((verdict) => verdict.culprits);
      return ok({ scenarios, symptoms: options.symptoms(task.unit, culprits), agent: null });
    },
  };
}

function tryOne(
  options: EvaluatorOptions,
  job: { task: EvaluationTask; check: FrozenCheck; signal: AbortSignal; turnstile: Turnstile },
): Promise<Verdict> {
  const { task, check, signal, turnstile } = job;
  const { unit, iteration, commit } = task;
  const { runDir, bench, proxy, served } = options;
  const grounds = groundsOf({
    commit,
    source: options,
    proxy,
    turnstile,
    served,
    socketPath: bench.socketPath,
  });
  return tryScenario({ runDir, bench, unit, iteration, commit, grounds, signal }, check);
}

const inconclusive = (name: string, reason: string): ScenarioResult => ({
  name,
  outcome: 'inconclusive',
  attempts: [],
  reason,
});

/** Every scenario once, whatever became of its check. */
function inOrder(names: readonly string[], results: readonly ScenarioResult[]): ScenarioResult[] {
  return names.map(
    (name) =>
      results.find((result) => result.name === name) ?? inconclusive(name, 'it has no check'),
  );
}
