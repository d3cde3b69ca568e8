import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type {
  AgentReport,
  EvaluationTask,
  Infra,
  Measured,
  Result,
  Scenario,
  ScenarioResult,
  Stubs,
  UnitId,
} from '../../domain/index.ts';
import { err, ok } from '../../domain/index.ts';
import { readScenarios } from '../checks/compiler.ts';
import type { ProductSource } from '../verdict/grounds.ts';
import { onInstance, Turnstile } from '../verdict/grounds.ts';
import type { RecordingProxy } from '../proxy/proxy.ts';
import type { Claim } from './report.ts';
import { readReport } from './report.ts';
import { asText, prepareStubs } from '../checks/stubs.ts';

export interface JudgeInput {
  readonly unit: UnitId;
  readonly commit: string;
  readonly scenarios: readonly { readonly name: string; readonly text: string }[];
  readonly stubs: readonly { readonly name: string; readonly text: string }[];
  /** Where the product is. */
  readonly proxy: RecordingProxy;
}

/** A live evaluator: uses the running product and reports. An agent that failed is an error. */
export type Judge = (
  input: JudgeInput,
  signal: AbortSignal,
) => Promise<Result<{ readonly text: string; readonly report: AgentReport }, Infra>>;

export interface ReportEvaluatorOptions extends Pick<ProductSource, 'withProduct'> {
  /** Folder of the run, absolute. */
  readonly runDir: string;
  /** The caller points it at the group's service. */
  readonly proxy: RecordingProxy;
  /** Paths for sockets of other proxies; absent where evaluators share the network of this machine. */
  readonly socketPath?: () => string;
  readonly scenarios: (unit: UnitId) => readonly Scenario[];
  readonly stubs: (unit: UnitId) => Stubs | null;
  readonly judge: Judge;
  /** The barrier's: a line in free words, and all that must not shine through it; gives what a code agent may read. */
  readonly symptom: (unit: UnitId, line: string, scenarioText: string) => string;
}

const UNREADABLE = 'the evaluator left no report that can be read';

/** The classic way: an agent looks and reports. Its lists count, its numbers do not. */
export function createReportEvaluator(options: ReportEvaluatorOptions): {
  evaluate(task: EvaluationTask, signal: AbortSignal): Promise<Result<Measured, Infra>>;
} {
  const group = new Turnstile();
  return {
    async evaluate({ unit, iteration, commit, aside }, signal) {
      const texts = await readScenarios(options.scenarios(unit));
      if (!texts.ok) return texts;
      const scenarios = texts.value;
      const stubs = options.stubs(unit);
      const prepared = stubs ? (await prepareStubs(stubs)).map(asText) : [];
      const input = { unit, commit, scenarios, stubs: prepared };
      const judged = await judge(options, { input, group, aside: aside === true }, signal);
      if (!judged.ok) return judged;
      const { text, report } = judged.value;
      if (report.outcome !== 'ok' && report.outcome !== 'limit') {
        return err({ detail: `the evaluator ended with ${report.outcome}`, agent: report });
      }
      const evidence = path.posix.join('evidence', unit, String(iteration), 'report.md');
      await mkdir(path.join(options.runDir, path.dirname(evidence)), { recursive: true });
      await writeFile(path.join(options.runDir, evidence), text);
      const names = scenarios.map((scenario) => scenario.name);
      const claims = readReport(text, names);
      const secret = scenarios.map((scenario) => `${scenario.name}\n${scenario.text}`).join('\n');
      return ok({
        scenarios: claims
          ? claims.map((claim) => result(claim, evidence))
          : unreadable(names, evidence),
        symptoms: symptomsOf(claims ?? [], (line) => options.symptom(unit, line, secret)),
        agent: report,
      });
    },
  };
}

interface Job {
  readonly input: Omit<JudgeInput, 'proxy'>;
  readonly group: Turnstile;
  readonly aside: boolean;
}

/** On the group's service, or on an instance of its own; where none can be had, on the group's after all, in turn. */
async function judge(
  options: ReportEvaluatorOptions,
  { input, group, aside }: Job,
  signal: AbortSignal,
): ReturnType<Judge> {
  if (aside) {
    const { socketPath } = options;
    const place = { source: options, commit: input.commit, socketPath, signal };
    const judged = await onInstance(place, ({ proxy }) =>
      options.judge({ ...input, proxy }, signal),
    );
    if (judged.ok) return judged.value;
  }
  return group.pass(() => options.judge({ ...input, proxy: options.proxy }, signal));
}

const result = ({ name, outcome }: Claim, evidence: string): ScenarioResult => ({
  name,
  outcome,
  evidence,
  attempts: [],
});

/** Says nothing about the product, so it fails nothing and passes nothing. */
const unreadable = (names: readonly string[], evidence: string): ScenarioResult[] =>
  names.map((name) => ({
    name,
    outcome: 'inconclusive',
    attempts: [],
    evidence,
    reason: UNREADABLE,
  }));

function symptomsOf(claims: readonly Claim[], filter: (line: string) => string): string[] {
  const failed = claims.filter((claim) => claim.outcome === 'failed');
  return [...new Set(failed.map((claim) => filter(claim.symptom ?? '')))];
}
