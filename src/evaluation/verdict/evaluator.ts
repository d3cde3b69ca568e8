import pMap from 'p-map';
import type { Observation } from '../../barrier/index.ts';
import type {
  EvaluationTask,
  Infra,
  Measured,
  Result,
  ScenarioResult,
  UnitId,
} from '../../domain/index.ts';
import { err, ok } from '../../domain/index.ts';
import type { ProductSource, SharedService } from './grounds.ts';
import { groundsOf, onInstance, Turnstile } from './grounds.ts';
import type { ProductFiles } from '../product/copy.ts';
import { NoProduct } from '../product/copy.ts';
import type { RecordingProxy } from '../proxy/proxy.ts';
import { SCENARIOS } from '../settings.ts';
import type { Bench } from '../settings.ts';
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
  /** Tells a person what changes no verdict. */
  readonly note: (message: string) => void;
}

/** Runs frozen checks and computes the verdicts. A service that dies meanwhile is a product that fails. */
export function createEvaluator(options: EvaluatorOptions): {
  evaluate(task: EvaluationTask, signal: AbortSignal): Promise<Result<Measured, Infra>>;
} {
  const { proxy, served } = options;
  const group = { proxy, served, turnstile: new Turnstile() };
  const alone = new Set<string>();
  return {
    async evaluate(task, signal) {
      let verdicts: readonly Verdict[];
      try {
        verdicts = await measure(options, { task, signal, group, alone });
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

interface Job {
  readonly task: EvaluationTask;
  readonly signal: AbortSignal;
  /** The group's service. */
  readonly group: SharedService;
  /** Commits of which no other instance could be had. */
  readonly alone: Set<string>;
}

/** On the group's service, or beside it; where no other instance can be had on the group's after all, in turn with whoever is on it. */
async function measure(options: EvaluatorOptions, job: Job): Promise<readonly Verdict[]> {
  const { task, signal, group, alone } = job;
  const { unit, commit } = task;
  if (task.aside !== true || alone.has(commit)) return tryAll(options, job, group);
  const { socketPath } = options.bench;
  const place = { source: options, commit, socketPath, signal };
  const measured = await onInstance(place, ({ proxy, served, on }) =>
    tryAll(options, job, { proxy, served, on, turnstile: new Turnstile() }),
  );
  if (measured.ok) return measured.value;
  if (signal.aborted) return [];
  alone.add(commit);
  options.note(
    `${unit} is measured on the group's service: no other instance could be had (${measured.error.detail})`,
  );
  return tryAll(options, job, group);
}

function tryAll(
  options: EvaluatorOptions,
  { task, signal }: Job,
  service: SharedService,
): Promise<readonly Verdict[]> {
  const { unit, iteration, commit } = task;
  const { runDir, bench } = options;
  const { socketPath } = bench;
  const grounds = groundsOf({ ...service, commit, source: options, socketPath });
  const trial = { runDir, bench, unit, iteration, commit, grounds, signal };
  return pMap(task.checks, (check) => tryScenario(trial, check), { concurrency: SCENARIOS });
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
