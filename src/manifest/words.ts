import { UnitId } from '../domain/index.ts';

/** A word of the source and where it stands. */
export interface Word {
  readonly text: string;
  readonly at: number;
}

const DECORATION = new Set(['*', '`', '_', '"', "'"]);
const SPACE = /\s/;

/** Shrinks a stretch of text over white space at both ends. */
export function trimmed(text: string, start: number, end: number): { start: number; end: number } {
  let from = start;
  let to = end;
  while (from < to && SPACE.test(text[from] ?? '')) from += 1;
  while (to > from && SPACE.test(text[to - 1] ?? '')) to -= 1;
  return { start: from, end: to };
}

/** The stretch without white space, and without emphasis and code marks that open and close it. */
export function bareWord(text: string, start: number, end: number): Word {
  let { start: from, end: to } = trimmed(text, start, end);
  const opening = from;
  while (from < to && DECORATION.has(text[from] ?? '')) from += 1;
  for (let mark = opening; mark < from && to > from; mark += 1) {
    // An underscore may end an id: it is taken for a mark only where one opened it.
    if (DECORATION.has(text[to - 1] ?? '') && text[to - 1] === text[mark]) to -= 1;
  }
  while (to > from && text[to - 1] !== '_' && DECORATION.has(text[to - 1] ?? '')) to -= 1;
  return { text: text.slice(from, to), at: from };
}

/** Comma-separated words; an empty one keeps its place. */
export function words(text: string, start: number, end: number): Word[] {
  const found: Word[] = [];
  for (let from = start; from <= end;) {
    const comma = text.indexOf(',', from);
    const to = comma === -1 || comma > end ? end : comma;
    found.push(bareWord(text, from, to));
    from = to + 1;
  }
  return found;
}

/** Where a list of words ends: at the end of the line, unless that is a comma and the next line begins nothing new. */
export function endOfLine(
  text: string,
  from: number,
  isNew: (text: string, start: number) => boolean = () => false,
): number {
  for (let at = from; ;) {
    const newline = text.indexOf('\n', at);
    if (newline === -1) return text.length;
    const line = text.slice(at, newline).trimEnd();
    if (!line.endsWith(',') || isNew(text, newline + 1)) return newline;
    at = newline + 1;
  }
}

/** Blanks out HTML comments without moving anything. */
export function withoutComments(text: string): string {
  let result = '';
  let from = 0;
  for (let open = text.indexOf('<!--'); open !== -1; open = text.indexOf('<!--', from)) {
    const close = text.indexOf('-->', open + 4);
    if (close === -1) break;
    const end = close + 3;
    result += text.slice(from, open) + text.slice(open, end).replaceAll(/[^\n]/g, ' ');
    from = end;
  }
  return result + text.slice(from);
}

/** Why a word cannot be the id of a unit, or null. Ids name files and branches, and `service` is what a decision can be about. */
export function badId(id: string): string | null {
  if (id === '') return 'A unit without an id.';
  const shown = id.length > 60 ? `${id.slice(0, 60)}…` : id;
  if (!UnitId.safeParse(id).success) return `\`${shown}\` cannot be the id of a unit.`;
  if (/\.\.|\.$|\.lock$/i.test(id))
    return `\`${shown}\` cannot name a branch: it has \`..\` in it or ends in \`.\` or \`.lock\`.`;
  if (id.toLowerCase() === 'service')
    return '`service` is reserved: `decide <spec> service` speaks of the service under test.';
  return null;
}
