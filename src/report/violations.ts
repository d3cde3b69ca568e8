import type { RunState, Violation } from '../domain/index.ts';
import { oneLine } from './words.ts';

/** `L1 src/a.js:3: No eval (No dynamic code), by api`. */
export function violationLine({ level, file, line, message, rule, unit }: Violation): string {
  const place = `${file}${line === null ? '' : `:${String(line)}`}`;
  const origin = unit === null ? 'there before the run' : `by ${unit}`;
  return oneLine(`${level} ${place}: ${message} (${rule}), ${origin}`);
}

/** What the last gate found against CONSTITUTION.md: what the run brought, and apart from it what was there before. */
export function violationList({ violations, accepted }: RunState): readonly string[] {
  const known = new Set(accepted);
  const told = (own: readonly Violation[]) =>
    own.map((each) => `- ${violationLine(each)}${known.has(each.id) ? ', accepted' : ''}`);
  const brought = told(violations.filter(({ unit }) => unit !== null));
  const earlier = told(violations.filter(({ unit }) => unit === null));
  return [
    ...(brought.length === 0 ? [] : ['', 'Against CONSTITUTION.md:', ...brought]),
    ...(earlier.length === 0
      ? []
      : ['', 'Against CONSTITUTION.md, there before the run:', ...earlier]),
  ];
}
