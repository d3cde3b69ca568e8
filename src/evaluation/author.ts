import type { AgentReport, Infra, Result } from '../domain/index.ts';
import { err, ok } from '../domain/index.ts';
import { readAnswer } from './answer.ts';

export interface AuthorInput {
  readonly scenarios: readonly { readonly name: string; readonly text: string }[];
  /** Stubs that do not run by themselves: what a check should start from. */
  readonly stubs: readonly { readonly name: string; readonly text: string }[];
  readonly kitReference: string;
  /** Checks of the first round that do not work, and why. */
  readonly repair?: readonly Refused[];
}

export interface Refused {
  readonly scenario: string;
  /** Empty when there was none. */
  readonly code: string;
  readonly reason: string;
}

/** Text in, checks out. `output` is the answer as data or text; an agent that failed is an error. */
export type Author = (
  input: AuthorInput,
  signal: AbortSignal,
) => Promise<Result<{ readonly output: unknown; readonly report: AgentReport }, Infra>>;

export interface Written {
  /** Scenario → code that was found to be in order. */
  readonly good: ReadonlyMap<string, string>;
  readonly refused: readonly Refused[];
  readonly report: AgentReport;
  /** What a person should know of the answers. */
  readonly notes: readonly string[];
}

/** Outcomes after which an answer is worth reading. */
const ANSWERED = new Set(['ok', 'limit', 'bad_schema', 'no_result']);

/** Asks the author for checks, and once more for those that are missing or do not work. */
export async function write(
  author: Author,
  job: {
    readonly input: AuthorInput;
    /** What is wrong with a text, or null. */
    readonly faultOf: (code: string) => Promise<string | null>;
    readonly signal: AbortSignal;
  },
): Promise<Result<Written, Infra>> {
  const first = await round(author, job);
  if (!first.ok || first.value.refused.length === 0) return first;
  const again = narrow(job.input, first.value.refused);
  const second = await round(author, { ...job, input: again });
  if (!second.ok) {
    const { agent } = second.error;
    return err({
      ...second.error,
      agent: agent ? together(first.value.report, agent) : first.value.report,
    });
  }
  return ok({
    good: new Map([...first.value.good, ...second.value.good]),
    refused: second.value.refused,
    report: together(first.value.report, second.value.report),
    notes: [...new Set([...first.value.notes, ...second.value.notes])],
  });
}

function narrow(input: AuthorInput, refused: readonly Refused[]): AuthorInput {
  const open = new Set(refused.map((entry) => entry.scenario));
  return {
    ...input,
    scenarios: input.scenarios.filter((scenario) => open.has(scenario.name)),
    stubs: input.stubs.filter((stub) => open.has(stub.name)),
    repair: refused,
  };
}

async function round(
  author: Author,
  { input, faultOf, signal }: Parameters<typeof write>[1],
): Promise<Result<Written, Infra>> {
  const answered = await author(input, signal);
  if (!answered.ok) return answered;
  const { output, report } = answered.value;
  if (!ANSWERED.has(report.outcome)) {
    return err({ detail: `the check author ended with ${report.outcome}`, agent: report });
  }
  const read = readAnswer(output);
  const checks = new Map<string, string>();
  if (read.ok)
    for (const { scenario, code } of read.value.checks) checks.set(scenario.trim(), code);
  const names = input.scenarios.map((scenario) => scenario.name);
  const good = new Map<string, string>();
  const refused: Refused[] = [];
  for (const scenario of names) {
    const code = checks.get(scenario);
    const missing = read.ok ? 'the author wrote no check for it' : read.error;
    const reason = code === undefined ? missing : await faultOf(code);
    if (reason === null) good.set(scenario, code ?? '');
    else refused.push({ scenario, code: code ?? '', reason });
  }
  const unknown = [...checks.keys()].filter((name) => !names.includes(name));
  const notes = unknown.map(
    (name) => `the check author wrote a check for ${name}, which is no scenario`,
  );
  return ok({ good, refused, report, notes });
}

/** Two runs of one agent, told as one. What is unknown of one is unknown of both. */
function together(first: AgentReport, second: AgentReport): AgentReport {
  const sum = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);
  return {
    ...second,
    ms: first.ms + second.ms,
    usage: {
      costUsd: sum(first.usage.costUsd, second.usage.costUsd),
      inputTokens: sum(first.usage.inputTokens, second.usage.inputTokens),
      outputTokens: sum(first.usage.outputTokens, second.usage.outputTokens),
    },
  };
}
