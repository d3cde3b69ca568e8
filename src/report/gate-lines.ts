import type { EventOf, RunState } from '../domain/index.ts';
import { recordOf, tally } from '../domain/index.ts';
import { gateLine } from './summary.ts';
import { violationLine } from './violations.ts';
import { indented, oneLine, percent, short, tallied } from './words.ts';

/** What a gate found, for a person. */
export function gateLines(event: EventOf<'gate.finished'>): readonly string[] {
  return [
    event.group === null
      ? gateLine(event.steps).replace('Gate:', 'Gate at the end:')
      : gateLine(event.steps),
    ...event.steps.flatMap(({ notes = [] }) => notes.map((note) => indented(oneLine(note)))),
    ...event.violations.map((each) => indented(violationLine(each))),
    ...event.backedOut.map(
      ({ unit, commit }) =>
        `${unit}: its work was taken out of the run branch again, by ${short(commit)}`,
    ),
    ...event.escalated.map(({ unit, detail }) => `${unit}: held by the gate: ${oneLine(detail)}`),
    ...event.blamed.map(
      ({ unit, symptom }) => `${unit}: sent back by the gate: ${oneLine(symptom)}`,
    ),
  ];
}

/** The sealed scenarios beside those that were fed back: a gap shows overfitting to the feedback. */
export const sealedLines = (
  state: RunState,
  { units }: EventOf<'sealed.finished'>,
): readonly string[] =>
  units.map(({ unit, scenarios }) => {
    const open = tally(recordOf(state, unit).scenarios);
    const sealed = tally(scenarios);
    return `${unit}: sealed ${percent(sealed.satisfaction)} (${tallied(sealed)}), holdout ${percent(open.satisfaction)} (${tallied(open)})`;
  });
