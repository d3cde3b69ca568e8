import type { AgentReport, Calibration, Infra, Result } from '../../domain/index.ts';
import { err, ok } from '../../domain/index.ts';
import type { Answered } from './answer.ts';
import { readAnswer } from './answer.ts';

export interface AuthorInput {
  readonly scenarios: readonly { readonly name: string; readonly text: string }[];
  /** Stubs that do not run by themselves: what a check should start from. */
  readonly stubs: readonly { readonly name: string; readonly text: string }[];
  readonly kitReference: string;
  /** The product's state is put back before each check. */
  readonly reset: boolean;
  /** Checks of the round before that may not judge, and why. */
  readonly repair?: readonly Refused[];
}

export interface Refused {
  readonly scenario: string;
  /** Empty when there was none. */
  readonly code: string;
  readonly reason: string;
  /** Not to be repaired: the fault is this machine's, not the check's. */
  readonly final?: true;
}

/** Text in, checks out. */
export type Author = (input: AuthorInput, signal: AbortSignal) => Answered;

/** A check that may judge, and how it did on the null service. */
export interface Accepted {
  readonly code: string;
  readonly calibration: Calibration;
}

/** Looks at all checks of one answer: those that may judge, and what is wrong with the others. */
export type Examine = (
  checks: ReadonlyMap<string, string>,
) => Promise<
  Result<
    { readonly good: ReadonlyMap<string, Accepted>; readonly refused: readonly Refused[] },
    Infra
  >
>;

export interface Written {
  readonly good: ReadonlyMap<string, Accepted>;
  readonly refused: readonly Refused[];
  readonly report: AgentReport;
  /** What a person should know of the answers. */
  readonly notes: readonly string[];
}

/** Outcomes after which an answer is worth reading. */
const ANSWERED = new Set(['ok', 'limit', 'bad_schema', 'no_result']);

/** How often a check goes back to its author. */
const REPAIRS = 2;

interface Job {
  readonly input: AuthorInput;
  readonly examine: Examine;
  readonly signal: AbortSignal;
}

/** Asks the author for checks, and twice more at most for those that are missing or may not judge. */
export async function write(author: Author, job: Job): Promise<Result<Written, Infra>> {
  const first = await round(author, job);
  if (!first.ok) return first;
  let written = first.value;
  for (let repair = 1; repair <= REPAIRS && written.refused.some(isOpen); repair += 1) {
    const input = narrow(job.input, written.refused.filter(isOpen));
    const again = await round(author, { ...job, input });
    if (!again.ok) {
      const { agent } = again.error;
      return err({
        ...again.error,
        agent: agent ? together(written.report, agent) : written.report,
      });
    }
    written = joined(written, again.value);
  }
  return ok(written);
}

const isOpen = ({ final }: Refused): boolean => final !== true;

const joined = (before: Written, after: Written): Written => ({
  good: new Map([...before.good, ...after.good]),
  refused: [...before.refused.filter((refused) => !isOpen(refused)), ...after.refused],
  report: together(before.report, after.report),
  notes: [...new Set([...before.notes, ...after.notes])],
});

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
  { input, examine, signal }: Job,
): Promise<Result<Written, Infra>> {
  const answered = await author(input, signal);
  if (!answered.ok) return answered;
  const { output, report } = answered.value;
  if (!ANSWERED.has(report.outcome)) {
    return err({ detail: `the check author ended with ${report.outcome}`, agent: report });
  }
  const read = readAnswer(output);
  const names = input.scenarios.map((scenario) => scenario.name);
  const given = new Map(
    read.ok ? read.value.checks.map(({ scenario, code }) => [scenario.trim(), code]) : [],
  );
  const wanted = new Map([...given].filter(([name]) => names.includes(name)));
  const examined = await examine(wanted);
  if (!examined.ok) return err({ ...examined.error, agent: report });
  const reason = read.ok ? 'the author wrote no check for it' : read.error;
  const missing = names
    .filter((name) => !wanted.has(name))
    .map((scenario) => ({ scenario, code: '', reason }));
  const { good, refused } = examined.value;
  const notes = [...given.keys()]
    .filter((name) => !names.includes(name))
    .map((name) => `the check author wrote a check for ${name}, which is no scenario`);
  return ok({ good, refused: inOrderOf(names, [...refused, ...missing]), report, notes });
}

const inOrderOf = (names: readonly string[], refused: readonly Refused[]): readonly Refused[] =>
  names.flatMap((name) => refused.filter(({ scenario }) => scenario === name));

/** Two runs of one agent, told as one. What is unknown of one is unknown of both. */
function together(first: AgentReport, second: AgentReport): AgentReport {
  const sum = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);
  return {
    ...second,
    calls: (first.calls ?? 1) + (second.calls ?? 1),
    ms: first.ms + second.ms,
    usage: {
      costUsd: sum(first.usage.costUsd, second.usage.costUsd),
      inputTokens: sum(first.usage.inputTokens, second.usage.inputTokens),
      outputTokens: sum(first.usage.outputTokens, second.usage.outputTokens),
    },
  };
}
