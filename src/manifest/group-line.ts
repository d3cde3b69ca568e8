import type { GroupMode } from '../domain/index.ts';
import type { Span } from './outline.ts';
import type { Report } from './source.ts';
import { endOfLine, withoutComments, words } from './words.ts';
import type { Word } from './words.ts';

/** A group as its line in the manifest has it; its units are not yet known to exist. */
export interface GroupLine {
  readonly number: number;
  /** Null: reported as bad. */
  readonly mode: GroupMode | null;
  readonly units: readonly Word[];
  /** Offset of the line's first word. */
  readonly at: number;
}

const MARKS = /[ \t]*(?:[-*+][ \t]+)?[*_`]*/y;
const HEAD =
  /group[ \t]+([^\s(:*_`]{1,40})[*_`]*[ \t]*(?:\(([^()\n]{0,60})\)[*_`]*)?[ \t]*(?:(:)(?:[*_]+(?=\s|$))?)?/iy;
const MODES: readonly string[] = ['parallel', 'sequential'] satisfies GroupMode[];

/** Reads the lines of one paragraph below Execution Order; a line that ends in a comma goes on in the next. */
export function parseGroupLines(source: string, span: Span, report: Report): GroupLine[] {
  const text = withoutComments(source.slice(span.start, span.end));
  const shifted: Report = (at, fault) => {
    report(at + span.start, fault);
  };
  const groups: GroupLine[] = [];
  for (let from = 0; from < text.length;) {
    const end = endOfLine(text, from, isHead);
    const group = parseGroupLine(text, { start: from, end }, shifted);
    if (group !== null) groups.push(shift(group, span.start));
    from = end + 1;
  }
  return groups;
}

const shift = (group: GroupLine, by: number): GroupLine => ({
  ...group,
  at: group.at + by,
  units: group.units.map((word) => ({ text: word.text, at: word.at + by })),
});

function isHead(text: string, start: number): boolean {
  MARKS.lastIndex = start;
  MARKS.test(text);
  HEAD.lastIndex = MARKS.lastIndex;
  return HEAD.test(text);
}

/** Null for prose: a line counts from `Group <word>` followed by `(` or `:`. */
function parseGroupLine(text: string, { start, end }: Span, report: Report): GroupLine | null {
  MARKS.lastIndex = start;
  MARKS.test(text);
  const at = MARKS.lastIndex;
  HEAD.lastIndex = at;
  const match = HEAD.exec(text);
  if (match === null) return null;
  const [head, number = '', mode, colon] = match;
  if (mode === undefined && colon === undefined) return null;
  if (!/^\d{1,9}$/.test(number)) {
    report(at + head.indexOf(number), {
      rule: 'bad-group-line',
      message: `\`${number}\` is not the number of a group.`,
    });
    return null;
  }
  const known = mode?.trim().toLowerCase();
  if (known === undefined || !MODES.includes(known)) {
    const place = mode === undefined ? at + head.indexOf(number) : at + head.indexOf('(') + 1;
    const message =
      mode === undefined
        ? `Group ${number} has no mode.`
        : `\`${mode}\` is not the mode of a group.`;
    report(place, { rule: 'bad-group-mode', message });
  }
  if (colon === undefined) {
    report(at + head.trimEnd().length, {
      rule: 'bad-group-line',
      message: `Expected \`:\` and units behind \`Group ${number}\`.`,
    });
    return null;
  }
  const found = words(text, at + head.length, end);
  const units = found.filter((word) => word.text !== '');
  if (units.length === 0)
    report(at, { rule: 'empty-group', message: `Group ${number} has no units.` });
  return {
    number: Number(number),
    mode: known !== undefined && MODES.includes(known) ? (known as GroupMode) : null,
    units,
    at,
  };
}
