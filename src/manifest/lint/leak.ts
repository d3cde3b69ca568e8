import type { Diagnostic } from '../../domain/index.ts';
import { proseOf } from './prose.ts';
import { finding } from './texts.ts';
import type { SpecTexts, UnitTexts } from './texts.ts';

/** Words in a row that two people do not write by chance. */
const ROW = 6;
/** Words that only hold others together: a row needs this many others. */
const TELLING = 3;
const GLUE = new Set(
  'a an the of in on at to for with and or is are was be it its that this not no by as from one each there than then which who has have will can must may'.split(
    ' ',
  ),
);

interface Token {
  readonly word: string;
  readonly at: number;
  readonly end: number;
}

/** Runs of prose between code and empty lines, as words. */
function runsOf(prose: string): Token[][] {
  const runs: Token[][] = [];
  for (const part of prose.matchAll(/[^\0\n]+(?:\n(?!\s*\n)[^\0\n]+)*/g)) {
    const run = [...part[0].matchAll(/[\p{L}\p{N}]+(?:['’][\p{L}]+)?/gu)].map((match) => ({
      word: match[0].toLowerCase(),
      at: part.index + match.index,
      end: part.index + match.index + match[0].length,
    }));
    if (run.length >= ROW) runs.push(run);
  }
  return runs;
}

const keyAt = (run: readonly Token[], index: number): string =>
  run
    .slice(index, index + ROW)
    .map(({ word }) => word)
    .join(' ');

const isTelling = (run: readonly Token[], index: number): boolean =>
  run.slice(index, index + ROW).filter(({ word }) => !GLUE.has(word)).length >= TELLING;

/** Scenario wording inside unit files: their agents would read the holdout. Any scenario, any unit. */
export function leaks({ units }: SpecTexts): Diagnostic[] {
  const rows = new Map<string, string>();
  for (const { id, scenarios } of units) {
    for (const { scenario, source } of scenarios) {
      for (const run of runsOf(proseOf(source)))
        for (let index = 0; index + ROW <= run.length; index += 1)
          if (isTelling(run, index)) rows.set(keyAt(run, index), `${id}/${scenario.name}`);
    }
  }
  return units.flatMap((unit) => leaksIn(unit, rows));
}

function leaksIn({ spec }: UnitTexts, rows: ReadonlyMap<string, string>): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const run of runsOf(proseOf(spec))) {
    for (let index = 0; index + ROW <= run.length; index += 1) {
      const scenario = rows.get(keyAt(run, index));
      if (scenario === undefined) continue;
      let end = index + ROW;
      while (end < run.length && rows.get(keyAt(run, end - ROW + 1)) === scenario) end += 1;
      const [first, last] = [run[index], run[end - 1]];
      const quote = spec.text.slice(first?.at, last?.end).replaceAll(/\s+/g, ' ').slice(0, 100);
      found.push(
        finding(spec, {
          at: first?.at ?? 0,
          rule: 'scenario-wording-in-unit',
          message: `“${quote}” is also in scenario \`${scenario}\`.`,
        }),
      );
      index = end - 1;
    }
  }
  return found;
}
