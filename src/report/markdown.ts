import type { Digest, Digested } from './digest/digest.ts';
import type { UnitStory } from './digest/units.ts';
import { OUTCOME_WORDS, glyphOf, roleRows } from './digest/words.ts';
import type { RunView } from './run-view.ts';
import { completionSummary, pausedSummary, trippedSummary, type SummaryExtras } from './summary.ts';
import { markdownTable } from './table.ts';
import { elapsed, oneLine, percent, short } from './words.ts';

/** `report --format md`, and the step summary of a CI: the summary of the run, then every part of it as tables. */
export function markdownReport({ digest, view }: Digested, extras: SummaryExtras = {}): string {
  return [
    summary(digest, view, { elapsedMs: digest.timeline.worked, ...extras }).trimEnd(),
    ...scenarioTables(digest),
    ...feedback(digest),
    ...slowest(digest),
    ...part('Cost and tokens', roleRows(digest.spending)),
    ...part('On the run branch', landed(digest)),
    ...receipt(digest),
    '',
  ].join('\n');
}

function summary(digest: Digest, view: RunView, extras: SummaryExtras): string {
  switch (digest.outcome) {
    case 'completed':
    case 'failed':
      return completionSummary(view, extras);
    case 'invalid':
      return trippedSummary(view, extras);
    case 'waiting':
    case 'stopped':
      return pausedSummary(view, extras);
    case 'unfinished':
      // At work or cut off: a journal alone cannot tell.
      return pausedSummary(view, extras).replace(/^.*$/m, `# ${digest.spec}: not finished`);
  }
}

/** A heading and a table; nothing where there are no rows. */
const part = (title: string, rows: readonly (readonly string[])[]): readonly string[] =>
  rows.length < 2 ? [] : ['', `## ${title}`, '', ...markdownTable(rows)];

function scenarioTables({ units }: Digest): readonly string[] {
  const rows = units.flatMap((unit) => unit.scenarios.map((each) => [unit, each] as const));
  return part('Scenarios', [
    ['unit', 'scenario', 'priority', 'outcome', 'attempts', 'evaluations'],
    ...rows.map(([unit, scenario]) => [
      unit.id,
      oneLine(scenario.name) + (scenario.sealed ? ' (sealed)' : ''),
      scenario.priority,
      OUTCOME_WORDS[scenario.outcome ?? 'none'],
      scenario.attempts.map(({ outcome }) => glyphOf(outcome)).join(''),
      scenario.history.map(glyphOf).join(' '),
    ]),
  ]);
}

function feedback({ units }: Digest): readonly string[] {
  const told = units.flatMap((unit) => unit.feedback.flatMap((each) => lines(unit, each)));
  return told.length === 0 ? [] : ['', '## What code agents were told', '', ...told];
}

const lines = (
  { id }: UnitStory,
  { iteration, from, lines: said }: UnitStory['feedback'][number],
) => said.map((line) => `- ${id}, iteration ${String(iteration)}, ${from}: ${oneLine(line)}`);

/** The critical path: where the time went that nobody worked beside. */
function slowest({ timeline }: Digest): readonly string[] {
  const path = timeline.spans.filter(({ critical }) => critical);
  return part('Critical path', [
    ['work', 'unit', 'from', 'took', 'share'],
    ...path.map(({ work, unit, from, to }) => [
      work,
      unit ?? '',
      elapsed(from),
      elapsed(to - from),
      timeline.worked === 0 ? '' : percent((to - from) / timeline.worked),
    ]),
  ]);
}

const landed = ({ landed: commits }: Digest): readonly (readonly string[])[] => [
  ['commit', 'what', 'units', 'files'],
  ...commits.map(({ commit, kind, units, files, undone }) => [
    short(commit),
    kind + (undone ? ', backed out later' : ''),
    units.join(', '),
    files === null ? '' : String(files),
  ]),
];

function receipt({ receipt: found }: Digest): readonly string[] {
  if (found === null) return [];
  const { barrier, audits, inputs, objections } = found;
  return [
    '',
    '## Receipt of the barrier',
    '',
    `- wall: ${barrier.tier}; base commits audited: ${String(audits)}; inputs hashed: ${String(inputs)}`,
    ...objections.map(({ what, where }) => `- objection: ${oneLine(what)} (${oneLine(where)})`),
    ...(objections.length === 0 ? ['- nothing speaks against the run'] : []),
  ];
}
