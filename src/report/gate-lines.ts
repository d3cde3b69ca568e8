import type { EventOf, RunState, Violation } from '../domain/index.ts';
import { recordOf, tally } from '../domain/index.ts';
import { gateLine } from './summary.ts';
import { indented, oneLine, percent, short, tallied } from './words.ts';

/** What a gate found, for a person. */
export function gateLines(event: EventOf<'gate.finished'>): readonly string[] {
  return [
    event.group === null
      ? gateLine(event.steps).replace('Gate:', 'Gate at the end:')
      : gateLine(event.steps),
    ...event.steps.flatMap(({ notes = [] }) => notes.map((note) => indented(oneLine(note)))),
    ...event.violations.map(violated),
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

/** `L1 src/a.js:3: No eval (No dynamic code), by api`. */
function violated({ level, file, line, message, rule, unit }: Violation): string {
  const place = `${file}${line === null ? '' : `:${String(line)}`}`;
  const origin = unit === null ? 'there before the run' : `by ${unit}`;
  return indented(oneLine(`${level} ${place}: ${message} (${rule}), ${origin}`));
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
