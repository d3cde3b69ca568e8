import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import {
  err,
  ok,
  type AgentReport,
  type Infra,
  type Result,
  type Rule,
} from '../../domain/index.ts';
import type { Answered } from '../checks/answer.ts';

/** What a judge answers: places only, no words of its own. */
const LawAnswer = z.object({
  violations: z.array(
    z.object({
      /** As it was given: `R1`. */
      rule: z.string(),
      file: z.string(),
      /** 1-based. */
      line: z.int(),
    }),
  ),
});

/** The same as JSON Schema, for agents that can be held to one. */
export const lawAnswerSchema: Readonly<Record<string, unknown>> = (() => {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(LawAnswer);
  return schema;
})();

export interface LawInput {
  readonly rules: readonly { readonly id: string; readonly question: string }[];
  readonly files: readonly {
    readonly path: string;
    /** With the number of each line in front of it. */
    readonly text: string;
    /** Ids of the rules that are for it. */
    readonly rules: string;
  }[];
}

/** Text in, places out: an agent without tools, folder or network of the project. */
export type LawJudge = (input: LawInput, signal: AbortSignal) => Answered;

/** One question about one file. */
export interface Case {
  readonly rule: Rule;
  readonly question: string;
  readonly path: string;
  readonly text: string;
}

export interface Judging {
  readonly judge: LawJudge;
  /** Folder of the run, absolute: what was judged once is not asked again. */
  readonly runDir: string;
  readonly signal: AbortSignal;
}

/** Characters of files in one call of the judge. */
const BATCH = 150_000;

/** The lines that a judge finds at fault, case by case; equal questions about equal files are asked once in a run. */
export async function judged(
  cases: readonly Case[],
  judging: Judging,
): Promise<
  Result<
    { readonly lines: readonly (readonly number[])[]; readonly reports: readonly AgentReport[] },
    Infra
  >
> {
  const lines = await Promise.all(cases.map((each) => recall(each, judging)));
  const open = cases.filter((_, at) => lines[at] === null);
  const reports: AgentReport[] = [];
  for (const batch of batches(open)) {
    const answered = await ask(batch, judging);
    if (!answered.ok) return answered;
    reports.push(answered.value.report);
    for (const [each, found] of answered.value.found) lines[cases.indexOf(each)] = found;
  }
  return ok({ lines: lines.map((found) => found ?? []), reports });
}

const fileOf = ({ question, path: file, text }: Case, { runDir }: Judging): string => {
  const key = createHash('sha256')
    .update(JSON.stringify([question, file, text]))
    .digest('hex');
  return path.join(runDir, 'constitution', `${key.slice(0, 32)}.json`);
};

async function recall(each: Case, judging: Judging): Promise<readonly number[] | null> {
  const kept = await readFile(fileOf(each, judging), 'utf8').catch(() => null);
  const parsed = kept === null ? null : Kept.safeParse(JSON.parse(kept));
  return parsed?.success === true ? parsed.data : null;
}

const Kept = z.array(z.int().min(1));

function batches(cases: readonly Case[]): Case[][] {
  const all: Case[][] = [];
  let size = Infinity;
  for (const each of cases) {
    if (size + each.text.length > BATCH) {
      all.push([]);
      size = 0;
    }
    all.at(-1)?.push(each);
    size += each.text.length;
  }
  return all;
}

async function ask(
  cases: readonly Case[],
  judging: Judging,
): Promise<
  Result<
    { readonly found: ReadonlyMap<Case, readonly number[]>; readonly report: AgentReport },
    Infra
  >
> {
  const questions = [...new Set(cases.map(({ question }) => question))];
  const idOf = (question: string) => `R${questions.indexOf(question) + 1}`;
  const paths = [...new Set(cases.map((each) => each.path))];
  const input: LawInput = {
    rules: questions.map((question) => ({ id: idOf(question), question })),
    files: paths.map((file) => {
      const own = cases.filter((each) => each.path === file);
      const rules = own.map(({ question }) => idOf(question)).join(', ');
      return { path: file, text: numbered(own[0]?.text ?? ''), rules };
    }),
  };
  const answered = await judging.judge(input, judging.signal);
  if (!answered.ok) return answered;
  const { output, report } = answered.value;
  const parsed = LawAnswer.safeParse(output);
  if (!parsed.success)
    return err({ detail: 'the judge of CONSTITUTION.md gave no usable answer', agent: report });
  const found = new Map(
    cases.map((each) => {
      const last = each.text.replace(/\n$/, '').split('\n').length;
      const own = parsed.data.violations.filter(
        ({ rule, file }) => rule === idOf(each.question) && file === each.path,
      );
      // A line that is not there still says that the file is at fault.
      const lines = own.map(({ line }) => Math.min(Math.max(1, line), last));
      return [each, [...new Set(lines)].toSorted((a, b) => a - b)] as const;
    }),
  );
  await mkdir(path.join(judging.runDir, 'constitution'), { recursive: true });
  for (const [each, lines] of found) await writeFile(fileOf(each, judging), JSON.stringify(lines));
  return ok({ found, report });
}

const numbered = (text: string): string =>
  text
    .split('\n')
    .map((line, at) => `${at + 1}: ${line}`)
    .join('\n');
