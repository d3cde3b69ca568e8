import { parseFrontmatter } from '../frontmatter.ts';
import type { Source } from '../source.ts';
import { withoutComments } from '../words.ts';

/** Stands for every character of code, so that nothing reads across it and offsets stay. */
const CODE = '\0';

const FENCE = /^[ \t]*(`{3,}|~{3,})[^\n]*$/gm;
const SPAN = /(`+)(?=[^`])/g;

/** Frontmatter and comments blanked out; offsets are those of the source. */
export function bodyOf(source: Source): string {
  const { body } = parseFrontmatter(source, () => undefined);
  return withoutComments(blank(source.text, 0, body));
}

/** What is prose: code fences, code spans and addresses are replaced by characters that are no word. */
export function proseOf(source: Source): string {
  const spans = withoutSpans(withoutFences(bodyOf(source)));
  return spans.replaceAll(/https?:\/\/\S+/g, (address) => CODE.repeat(address.length));
}

const blank = (text: string, from: number, to: number, by = ' '): string =>
  text.slice(0, from) + text.slice(from, to).replaceAll(/[^\n]/g, by) + text.slice(to);

/** Code fences blanked out. */
function withoutFences(text: string): string {
  let result = text;
  for (const { start, end } of fences(text)) result = blank(result, start, end, CODE);
  return result;
}

export interface Fenced {
  readonly lang: string;
  readonly code: string;
  readonly start: number;
  readonly end: number;
}

/** Code fences of a text; one that is never closed reaches to its end. */
export function fences(text: string): Fenced[] {
  const found: Fenced[] = [];
  let open: { mark: string; start: number; body: number; lang: string } | null = null;
  for (const match of text.matchAll(FENCE)) {
    const [line, mark = ''] = match;
    const end = match.index + line.length;
    if (open === null) {
      const lang = /^[`~]+\s*([\w+-]*)/.exec(line.trim())?.[1] ?? '';
      open = { mark, start: match.index, body: Math.min(end + 1, text.length), lang };
    } else if (mark.startsWith(open.mark) && line.trim() === mark) {
      const { start, body, lang } = open;
      found.push({ lang, start, end, code: text.slice(body, match.index) });
      open = null;
    }
  }
  if (open !== null)
    found.push({
      lang: open.lang,
      start: open.start,
      end: text.length,
      code: text.slice(open.body),
    });
  return found;
}

function withoutSpans(text: string): string {
  let result = '';
  let from = 0;
  SPAN.lastIndex = 0;
  for (let match = SPAN.exec(text); match !== null; match = SPAN.exec(text)) {
    const mark = match[1] ?? '`';
    const close = text.indexOf(mark, match.index + mark.length);
    const paragraph = text.indexOf('\n\n', match.index);
    if (close === -1 || (paragraph !== -1 && paragraph < close)) continue;
    const end = close + mark.length;
    result += text.slice(from, match.index) + CODE.repeat(end - match.index);
    from = end;
    SPAN.lastIndex = end;
  }
  return result + text.slice(from);
}

export interface Section {
  readonly title: string;
  readonly at: number;
  /** Behind the heading's line, to the next heading of the same or a higher level. */
  readonly start: number;
  readonly end: number;
}

/** The sections of a text, by its `#` headings outside code. */
export function sectionsOf(prose: string): Section[] {
  const heads = [...prose.matchAll(/^(#{1,6})[ \t]+(.*)$/gm)].map((match) => ({
    depth: match[1]?.length ?? 1,
    title: (match[2] ?? '').replaceAll(/[#*_:]+/g, ' ').trim(),
    at: match.index,
    start: match.index + match[0].length,
  }));
  return heads.map(({ depth, title, at, start }, index) => ({
    title,
    at,
    start,
    end: heads.slice(index + 1).find((next) => next.depth <= depth)?.at ?? prose.length,
  }));
}
