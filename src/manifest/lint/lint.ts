import type { Diagnostic, Spec } from '../../domain/index.ts';
import { coverage } from './coverage.ts';
import { leaks } from './leak.ts';
import { orderRules } from './order.ts';
import { scenarioRules } from './scenario-prose.ts';
import { stubRules } from './stub-names.ts';
import { readTexts, type SpecTexts } from './texts.ts';
import { unfinished } from './unfinished.ts';
import { unitRules } from './unit-prose.ts';

const RULES = [coverage, unitRules, leaks, scenarioRules, stubRules, orderRules, unfinished];

/**
 * What a valid spec could do better, each finding with its place and remedy. Pure. A comment `<!-- why. lint: allow <rule> -->` in a file
 * silences that rule for the file.
 */
export function lintSpec(texts: SpecTexts): Diagnostic[] {
  const found = RULES.flatMap((rule) => rule(texts));
  return notAllowed(texts, found).toSorted(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
  );
}

/** How many places of a valid spec were left for later. */
export async function unfinishedIn(spec: Spec): Promise<number> {
  const texts = await readTexts(spec, new Map());
  return texts === null ? 0 : notAllowed(texts, unfinished(texts)).length;
}

function notAllowed(texts: SpecTexts, found: readonly Diagnostic[]): readonly Diagnostic[] {
  const allowed = allowances(texts);
  return found.filter(({ file, rule }) => allowed.get(file)?.has(rule) !== true);
}

const ALLOW = /<!--(?:(?!-->)[^])*?\blint:\s*allow\s+([\w\s,-]+?)\s*-->/g;

function allowances(texts: SpecTexts): Map<string, ReadonlySet<string>> {
  const { source, requirements, solution, units } = texts;
  const sources = [
    source,
    ...(requirements === null ? [] : [requirements]),
    ...(solution === null ? [] : [solution]),
    ...units.flatMap(({ spec, scenarios, stubs }) => [
      spec,
      ...scenarios.map((each) => each.source),
      ...(stubs === null ? [] : [stubs.source]),
    ]),
  ];
  return new Map(
    sources.map(({ file, text }) => [
      file,
      new Set([...text.matchAll(ALLOW)].flatMap((match) => (match[1] ?? '').split(/[\s,]+/))),
    ]),
  );
}
