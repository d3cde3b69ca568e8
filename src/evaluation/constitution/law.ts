import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import {
  ok,
  type AgentReport,
  type Infra,
  type Result,
  type Rule,
  type UnitId,
  type Violation,
} from '../../domain/index.ts';
import type { Lawfulness } from '../gate/inquiry.ts';
import type { Case, LawJudge } from './judge.ts';
import { judged } from './judge.ts';
import { applierOf, linesMatching } from './match.ts';

/** A file that the run changed. */
export interface ChangedText {
  readonly path: string;
  /** Null: not text, or too long to be looked at. */
  readonly text: string | null;
  /** What it was before the run; null: it is new. */
  readonly before: () => Promise<Result<string | null, Infra>>;
  /** For each line the unit whose landing brought it; null: it was there before the run. */
  readonly origins: () => Promise<Result<readonly (UnitId | null)[], Infra>>;
}

export interface LawOptions {
  readonly rules: readonly Rule[];
  /** For a person: what of the file was skipped. */
  readonly notes: readonly string[];
  /** Files of the product that differ from the base of the run. */
  readonly changed: (commit: string) => Promise<Result<readonly ChangedText[], Infra>>;
  readonly judge: LawJudge;
  readonly runDir: string;
}

/** A rule broken at a line, whoever did it. */
interface Found {
  readonly rule: Rule;
  readonly file: ChangedText & { readonly text: string };
  readonly line: number;
}

/** The rules of CONSTITUTION.md over the files that a run changed. */
export const lawOf =
  (options: LawOptions) =>
  async (commit: string, signal: AbortSignal): Promise<Result<Lawfulness, Infra>> => {
    const changed = await options.changed(commit);
    if (!changed.ok) return changed;
    const unread = changed.value.filter(({ text }) => text === null).length;
    const files = changed.value.flatMap((file) =>
      file.text === null ? [] : [{ ...file, text: file.text }],
    );
    const seen = await byPattern(options.rules, files);
    const asked = await byJudge(options, { files, signal });
    if (!asked.ok) return asked;
    const violations: Violation[] = [];
    for (const found of await withoutEarlier([...seen, ...asked.value.found])) {
      const told = await attributed(found);
      if (!told.ok) return told;
      violations.push(told.value);
    }
    const notes = [
      ...options.notes,
      ...(unread > 0 ? [`files that are not text and were not looked at: ${unread}`] : []),
    ];
    return ok({ violations, rules: options.rules.length, notes, agents: asked.value.reports });
  };

type Text = Found['file'];

async function byPattern(rules: readonly Rule[], files: readonly Text[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const rule of rules) {
    if (rule.by.kind !== 'pattern') continue;
    const { pattern } = rule.by;
    const applies = applierOf(rule);
    for (const file of files.filter(({ path }) => applies(path))) {
      for (const line of linesMatching(pattern, file.text)) found.push({ rule, file, line });
      // Many large files must not keep signals and timers waiting.
      await breathe();
    }
  }
  return found;
}

async function byJudge(
  { rules, judge, runDir }: LawOptions,
  { files, signal }: { readonly files: readonly Text[]; readonly signal: AbortSignal },
): Promise<
  Result<{ readonly found: readonly Found[]; readonly reports: readonly AgentReport[] }, Infra>
> {
  const cases = rules.flatMap((rule): (Case & { readonly file: Text })[] => {
    if (rule.by.kind !== 'check') return [];
    const { question } = rule.by;
    const applies = applierOf(rule);
    return files
      .filter(({ path }) => applies(path))
      .map((file) => ({ rule, question, path: file.path, text: file.text, file }));
  });
  const answered = await judged(cases, { judge, runDir, signal });
  if (!answered.ok) return answered;
  const { lines, reports } = answered.value;
  const found = cases.flatMap(({ rule, file }, at) =>
    (lines[at] ?? []).map((line) => ({ rule, file, line })),
  );
  return ok({ found, reports });
}

const lineOf = ({ file, line }: Found): string => (file.text.split('\n')[line - 1] ?? '').trim();

/** Marks what a pattern found in the same words before the run: such a line was only moved. */
async function withoutEarlier(
  all: readonly Found[],
): Promise<readonly (Found & { readonly moved: boolean })[]> {
  const left = new Map<string, number>();
  const known = new Set<string>();
  const told: (Found & { readonly moved: boolean })[] = [];
  for (const found of all) {
    const { rule, file } = found;
    if (rule.by.kind !== 'pattern') {
      told.push({ ...found, moved: false });
      continue;
    }
    const key = (line: string) => JSON.stringify([rule.place, file.path, line]);
    if (!known.has(key(''))) {
      known.add(key(''));
      const before = await file.before();
      const text = before.ok ? (before.value ?? '') : '';
      const lines = text.split('\n');
      for (const line of linesMatching(rule.by.pattern, text)) {
        const words = key(`=${(lines[line - 1] ?? '').trim()}`);
        left.set(words, (left.get(words) ?? 0) + 1);
      }
    }
    const words = key(`=${lineOf(found)}`);
    const many = left.get(words) ?? 0;
    left.set(words, many - 1);
    told.push({ ...found, moved: many > 0 });
  }
  return told;
}

async function attributed(
  found: Found & { readonly moved: boolean },
): Promise<Result<Violation, Infra>> {
  const { rule, file, line, moved } = found;
  const origins = moved ? null : await file.origins();
  if (origins?.ok === false) return origins;
  const id = createHash('sha256')
    .update(JSON.stringify([rule.name, rule.message, file.path, lineOf(found)]))
    .digest('hex')
    .slice(0, 16);
  return ok({
    id,
    rule: rule.name,
    level: rule.level,
    message: rule.message,
    file: file.path,
    line,
    unit: origins === null ? null : (origins.value[line - 1] ?? null),
  });
}
