import type { Diagnostic, Place } from '../domain/index.ts';
import type { Digest } from './digest/digest.ts';
import type { UnitStory } from './digest/units.ts';
import { oneLine, percent } from './words.ts';

/** A remark at a line of a file, as GitHub shows it beside the code. Paths are relative to the repository. */
export interface Annotation extends Place {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
}

/**
 * A workflow command of GitHub Actions. By hand, because the library for it writes to the process's own stdout, which `--json` needs for
 * itself; the escapes are those of https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
 */
export function annotationLine({ level, file, line, column, title, message }: Annotation): string {
  const properties = Object.entries({ file, line, col: column, title: oneLine(title) }).map(
    ([name, value]) => `${name}=${inProperty(String(value))}`,
  );
  return `::${level} ${properties.join(',')}::${inData(message)}\n`;
}

const inData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const inProperty = (text: string): string =>
  inData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

const LEVELS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** A fault of a file, where it is. */
export const faultAnnotation = ({
  severity,
  rule,
  message,
  hint,
  file,
  line,
  column,
}: Diagnostic): Annotation => ({
  file,
  line,
  column,
  level: LEVELS[severity],
  title: rule,
  message: `${oneLine(message)}\n${oneLine(hint)}`,
});

/** What a run did not bring to its end, at the unit's line of the manifest; `places` knows the lines, `start` is where the manifest begins. */
export function runAnnotations(
  digest: Digest,
  { places, start }: { readonly places: ReadonlyMap<string, Place>; readonly start: Place },
): readonly Annotation[] {
  const trip: Annotation[] =
    digest.outcome === 'invalid'
      ? [
          {
            ...start,
            level: 'error',
            title: `${digest.spec}: the barrier tripped`,
            message: oneLine(digest.reason ?? 'the run is invalid'),
          },
        ]
      : [];
  const gate = digest.gate
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ name, detail }): Annotation => ({
      ...start,
      level: 'error',
      title: `${digest.spec}: gate, ${name} failed`,
      message: oneLine(detail),
    }));
  const units = digest.units
    .filter(({ status }) => status !== 'completed' && status !== 'pending')
    .map((unit) => unitAnnotation(digest, unit, places.get(unit.id) ?? start));
  return [...trip, ...gate, ...units];
}

function unitAnnotation(digest: Digest, unit: UnitStory, place: Place): Annotation {
  const question = digest.questions.find(({ subject }) => subject === unit.id);
  const measured =
    unit.satisfaction === null
      ? 'not measured'
      : `satisfaction ${percent(unit.satisfaction)} of ${percent(digest.threshold)}`;
  const open = unit.scenarios.filter(
    ({ outcome }) => outcome === 'failed' || outcome === 'inconclusive',
  );
  return {
    ...place,
    level: unit.status === 'escalated' ? 'error' : 'warning',
    title: `${unit.id}: ${unit.decision}`,
    message: [
      measured,
      ...open.map(({ name, outcome }) => `${String(outcome)}: ${oneLine(name)}`),
      ...(question === undefined ? [] : [oneLine(question.detail), ...question.answers]),
    ].join('\n'),
  };
}
