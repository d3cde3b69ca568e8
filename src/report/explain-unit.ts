import type { RunEvent, RunState, UnitId } from '../domain/index.ts';
import { evolve, plannedUnit, recordOf } from '../domain/index.ts';
import { calibrated } from './checks.ts';
import { evidenceLines, type EvidenceFile } from './evidence.ts';
import { courseLines, courseOf } from './unit-course.ts';
import { flakiness, isFlaky } from './flakiness.ts';
import { historiesOf, type Measurement, type ScenarioHistory } from './histories.ts';
import { decisionOf, measured, titleOf } from './judgement.ts';
import { said } from './opinion.ts';
import { count, oneLine } from './words.ts';

/** What is needed to explain a unit. */
export interface Explained {
  readonly unit: UnitId;
  readonly state: RunState;
  readonly events: readonly RunEvent[];
  /** Files of evidence by their path, as far as they can be read. */
  readonly evidence: ReadonlyMap<string, EvidenceFile>;
  /** Bits that one line of feedback to it can carry at most; null when its unit spec cannot be read any more. */
  readonly bitsOfLine: number | null;
  /** What paths begin in; null when it was never run. */
  readonly runFolder: string | null;
}

/** What code agents of a unit were told by evaluations, gates and refusals. */
export interface Told {
  readonly lines: readonly { readonly at: string; readonly symptom: string }[];
  /** At most so much could be told; null when nobody can say. */
  readonly bits: number | null;
}

/** Symptoms that code runs began with: what was found after the last one is told to nobody. */
export function toldTo({ unit, events, bitsOfLine }: Explained): Told {
  const lines: { at: string; symptom: string }[] = [];
  let state: RunState | null = null;
  for (const event of events) {
    if (event.type === 'code.started' && event.unit === unit && state !== null)
      for (const symptom of recordOf(state, unit).symptoms) lines.push({ at: event.at, symptom });
    state = evolve(state, event);
  }
  const bits = lines.length === 0 ? 0 : bitsOfLine && Math.ceil(lines.length * bitsOfLine);
  return { lines, bits };
}

/** Why a unit passed or failed, for a person: iteration by iteration, then scenario by scenario, attempt by attempt. */
export function unitText(of: Explained): string {
  const { unit, state } = of;
  const record = recordOf(state, unit);
  const told = toldTo(of);
  const question = record.state.phase === 'escalated' ? `: ${record.state.question.detail}` : '';
  return `${[
    `${unit}: ${titleOf(state, unit)}`,
    `${decisionOf(record, state)}${oneLine(question)}; ${measured(record, state)}`,
    `feedback: ${count(told.lines.length, 'line')}, ${told.bits === null ? 'how many bits is unknown, its unit spec cannot be read' : `at most ${count(told.bits, 'bit')}`}`,
    ...told.lines.map(({ symptom }) => `  - ${oneLine(symptom)}`),
    ...(of.runFolder === null ? [] : [`run folder: ${of.runFolder}`]),
    ...spaced(courseLines(courseOf(unit, of.events))),
    ...plannedUnit(state, unit).scenarios.flatMap(({ name, priority, sealed }) => [
      '',
      `${oneLine(name)} (${priority}${sealed ? ', sealed' : ''})`,
      ...scenarioLines(of, name),
    ]),
  ].join('\n')}\n`;
}

const spaced = (lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', ...lines];

function scenarioLines(of: Explained, name: string): readonly string[] {
  const history = historiesOf(of.events).find(
    (each) => each.unit === of.unit && each.scenario === name,
  );
  if (history === undefined) return ['  no check was compiled yet'];
  return [
    ...checkLines(history),
    ...history.measurements.flatMap((each) => measurementLines(of, each)),
    ...(history.measurements.length === 0 ? ['  not measured by its check'] : []),
  ];
}

const checkLines = ({ checks, broken }: ScenarioHistory): readonly string[] => [
  ...checks.map(
    (check) =>
      `  check ${check.sha256.slice(0, 12)} by ${check.revised === undefined ? check.origin : `a person (${oneLine(check.revised)})`}, ${calibrated(check.calibration)}: ${check.file}`,
  ),
  ...(broken === null ? [] : [`  no check may judge: ${oneLine(broken)}`]),
];

function measurementLines(
  { evidence }: Explained,
  { iteration, result, opinion }: Measurement,
): readonly string[] {
  const when = iteration === 0 ? 'at the end' : `iteration ${String(iteration)}`;
  const flaky = isFlaky(result) ? ` (flaky: ${flakiness(result)})` : '';
  const why = result.reason === undefined ? '' : `: ${oneLine(result.reason)}`;
  return [
    `  ${when}: ${result.outcome}${flaky}${why}`,
    ...evidenced(evidence, result.evidence),
    ...(opinion === null ? [] : [`    second opinion: ${said(opinion)}`]),
    ...evidenced(evidence, opinion?.result?.evidence),
  ];
}

function evidenced(
  files: ReadonlyMap<string, EvidenceFile>,
  path: string | undefined,
): readonly string[] {
  if (path === undefined) return [];
  const file = files.get(path);
  return [
    `    evidence: ${path}`,
    ...(file === undefined ? ['      it cannot be read'] : evidenceLines(file)),
  ];
}
