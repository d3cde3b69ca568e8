import type { Item } from './outline.ts';
import type { Report } from './source.ts';
import { badId, bareWord, endOfLine, trimmed, withoutComments, words } from './words.ts';
import type { Word } from './words.ts';

/** A unit as its line in the manifest has it; ids are not yet known to exist. */
export interface UnitLine {
  readonly id: string;
  readonly title: string;
  readonly after: readonly Word[];
  readonly done: boolean;
  /** Offset of the id. */
  readonly at: number;
  /** Offset of the character between the brackets. */
  readonly box: number;
}

/** Separators before the dependency clause; a hyphen needs white space around it. */
const SEPARATOR = /[—–]|(?<=\s)-(?=\s)/g;
const CLAUSE = /\s*(?:(no\s+dependencies\.?[ \t\r]*(?:\n|$))|after\s*:)/iy;

interface Clause {
  /** Where the title ends. */
  readonly start: number;
  readonly after: readonly Word[];
}

/** The last separator of its line that a clause follows: titles may hold colons, commas and dashes, and details may follow. */
function clauseOf(text: string, start: number): Clause | null {
  let last: { start: number; list: number | null } | null = null;
  let end = text.length;
  SEPARATOR.lastIndex = start;
  for (let match = SEPARATOR.exec(text); match !== null; match = SEPARATOR.exec(text)) {
    if (match.index > end) break;
    CLAUSE.lastIndex = match.index + 1;
    const clause = CLAUSE.exec(text);
    if (clause === null) continue;
    const list = clause[1] === undefined ? CLAUSE.lastIndex : null;
    if (last === null) end = endOfLine(text, list ?? CLAUSE.lastIndex - 1);
    last = { start: match.index, list };
  }
  if (last === null) return null;
  return { start: last.start, after: last.list === null ? [] : words(text, last.list, end) };
}

/** Reads one list item of the Units section. Null: no unit, or one whose line is beyond use; every fault is reported. */
export function parseUnitLine(source: string, item: Item, report: Report): UnitLine | null {
  const text = withoutComments(source.slice(item.text.start, item.text.end));
  const base = item.text.start;
  const colon = text.indexOf(':');
  const clause = clauseOf(text, Math.max(colon, 0));
  if (item.box === null) {
    // Prose and details in bullets are welcome; a line that is a unit but for its box is not to be lost.
    if (colon > 0 && clause !== null && badId(bareWord(text, 0, colon).text) === null) {
      report(item.start, { rule: 'bad-unit-line', message: 'This unit has no box.' });
    }
    return null;
  }
  if (item.nested) {
    if (clause === null) return null;
    report(item.box - 1, {
      rule: 'nested-unit',
      message: 'This unit is nested within another item.',
    });
    return null;
  }
  if (colon === -1) {
    report(base, { rule: 'bad-unit-line', message: 'Expected `id: Title` behind the box.' });
    return null;
  }
  return unitOf(text, { base, colon, clause, item, box: item.box, source }, report);
}

interface Parts {
  readonly base: number;
  readonly colon: number;
  readonly clause: Clause | null;
  readonly item: Item;
  readonly box: number;
  readonly source: string;
}

function unitOf(
  text: string,
  { base, colon, clause, box, source }: Parts,
  report: Report,
): UnitLine | null {
  const id = bareWord(text, 0, colon);
  const fault = badId(id.text);
  if (fault !== null) report(base + id.at, { rule: 'bad-unit-id', message: fault });
  if (clause === null) {
    const { end } = trimmed(text, 0, text.length);
    report(base + end, {
      rule: 'missing-dependency-clause',
      message: `Unit \`${id.text.slice(0, 100)}\` does not say what it depends on.`,
    });
  } else if (clause.after.some((word) => word.text === '')) {
    const empty = clause.after.find((word) => word.text === '');
    report(base + (empty?.at ?? 0), {
      rule: 'missing-dependency-clause',
      message: `Unit \`${id.text.slice(0, 100)}\` has an empty entry in its dependencies.`,
    });
  }
  const title = titleOf(text, colon + 1, clause?.start ?? text.length);
  if (title === '')
    report(base + colon, {
      rule: 'bad-unit-line',
      message: `Unit \`${id.text.slice(0, 100)}\` has no title.`,
    });
  if (fault !== null) return null;
  const after = (clause?.after ?? []).filter((word) => word.text !== '');
  return {
    id: id.text,
    title,
    after: after.map((word) => ({ text: word.text, at: word.at + base })),
    done: (source[box] ?? ' ').toLowerCase() === 'x',
    at: base + id.at,
    box,
  };
}

/** The title on one line; emphasis around the id may close behind the colon, or behind the title. */
function titleOf(text: string, start: number, end: number): string {
  const line = text
    .slice(start, end)
    .replace(/^[*_]+(?=\s|$)/, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const closing = /(\*\*|__)$/.exec(line)?.[1];
  return closing !== undefined && line.split(closing).length === 2
    ? line.slice(0, -2).trim()
    : line;
}
