import stringWidth from 'string-width';
import type { UnitRecord } from '../domain/index.ts';
import { decisionOf, isEarlier, iterationOf, measured, scenarioCounts } from './judgement.ts';
import type { RunView } from './run-view.ts';
import { markdownTable } from './table.ts';
import { cost } from './words.ts';

const HEADER = [
  'unit',
  'decision',
  'satisfaction',
  'scenarios',
  'iterations',
  'files changed',
  'cost',
] as const;

/** What this run knows nothing about. */
const UNKNOWN = ['–', '–', '–', '–', '–'] as const;

/**
 * What became of units: a Markdown table, or a list that says the same where a table would be wider than the terminal, which would wrap it
 * beyond reading.
 */
export function unitTable(
  { state, chronicle }: RunView,
  units: readonly UnitRecord[],
  columns = Infinity,
): readonly string[] {
  const rows = units.map((record) => [
    record.id,
    decisionOf(record, state),
    ...(isEarlier(record, state)
      ? UNKNOWN
      : [
          measured(record, state),
          scenarioCounts(record),
          `${String(iterationOf(record, chronicle))} of ${String(state.plan.maxIterations)}`,
          String(record.filesChanged),
          cost(record.spend),
        ]),
  ]);
  const table = markdownTable([HEADER, ...rows]);
  return stringWidth(table[0] ?? '') <= columns ? table : rows.flatMap(asItem);
}

/** `- shelf: completed` and below it the rest, a name before each value that does not say what it is. */
const asItem = ([unit, decision, satisfaction, scenarios, iterations, files, spent]: string[]) => [
  `- ${unit}: ${decision}`,
  ...(satisfaction === UNKNOWN[0]
    ? []
    : [
        ...(satisfaction === scenarios
          ? [`  ${satisfaction}`]
          : [`  ${satisfaction}`, `  ${scenarios}`]),
        `  iterations ${iterations}, files changed ${files}, cost ${spent}`,
      ]),
];
