import { EMPTY } from './read.ts';
import type { Fault } from './source.ts';

const MAX_LINES = 50_000;
const MAX_NESTING = 40;
const MAX_MARKS = 500_000;

/** Why the Markdown parser should not be given this text, if so: its time and memory grow with these counts. */
export function unfit(text: string): (Fault & { readonly at: number }) | null {
  if (text.trim() === '') return { at: 0, ...EMPTY };
  let lines = 0;
  for (let at = 0; at <= text.length; lines += 1) {
    if (lines >= MAX_LINES) {
      return { at, rule: 'file-too-complex', message: 'The file has over 50,000 lines.' };
    }
    if (nesting(text, at) > MAX_NESTING) {
      const message = 'This line is nested over 40 levels deep.';
      return { at, rule: 'file-too-complex', message };
    }
    const newline = text.indexOf('\n', at);
    at = newline === -1 ? text.length + 1 : newline + 1;
  }
  return marks(text) > MAX_MARKS
    ? { at: 0, rule: 'file-too-complex', message: 'The file consists mostly of punctuation.' }
    : null;
}

const MARK = new Uint8Array(128);
for (const mark of '\t!#&*<[\\]_`') MARK[mark.charCodeAt(0)] = 1;

const CONTAINER = /[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))/y;

/** How many quotes and lists a line may open: one for each marker, one for two columns of indentation before the first. */
function nesting(text: string, start: number): number {
  CONTAINER.lastIndex = start;
  let depth = 0;
  for (let from = start; depth <= MAX_NESTING && CONTAINER.test(text); from = CONTAINER.lastIndex) {
    const indent = CONTAINER.lastIndex - from;
    depth += depth === 0 ? 1 + Math.floor(indent / 2) : 1;
  }
  return depth;
}

/** Characters that make the parser stop and look, wherever they stand. */
function marks(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) if (MARK[text.charCodeAt(at)] === 1) count += 1;
  return count;
}
