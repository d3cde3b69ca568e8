import { squeezed } from './squeeze.ts';

/** A text that an agent must not see. */
export interface HoldoutText {
  /** Path in the spec directory. */
  readonly path: string;
  readonly text: string;
}

/** A holdout made ready to be recognised. */
export interface Needle {
  readonly path: string;
  /** Lines that say something, normalised. */
  readonly lines: readonly string[];
  /** Position of the longest, which is looked for first. */
  readonly longest: number;
  /** How long a stretch of normalised text can be that holds it. */
  readonly span: number;
}

/** Shorter texts say nothing that nobody else would say: they cannot be told from an honest file. */
const LEAST_LETTERS = 60;
/** A placeholder (`.gitkeep`, `TODO`) is the same everywhere and gives nothing away. */
const LEAST_SAID = 20;

/** Whether a file says anything that could be given away. */
export const saysSomething = (text: string): boolean =>
  (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= LEAST_SAID;

/** What may stand between two lines of a copy: line numbers, a path, marks of a diff or a quotation. */
const BETWEEN = 160;

// oxlint-disable-next-line no-control-regex -- all of ASCII is meant
const ASCII = /^[\0-\x7f]*$/;

/** Letters and digits in lower case with single blanks between, whatever marks, case, width or escapes they were written with. */
export function normalised(text: string): string {
  const plain = text
    .replace(/\\+u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    .replace(/\\+[nrt"]/g, ' ');
  if (ASCII.test(plain)) return squeezed(plain);
  return plain
    .normalize('NFKC')
    .replace(/\p{Cf}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** The holdout as a needle; null when it is too short to be recognised. */
export function needleOf({ path, text }: HoldoutText): Needle | null {
  const lines = withoutFrontmatter(text)
    .split('\n')
    .map(normalised)
    .filter((line) => line !== '');
  if (lines.join('').replaceAll(' ', '').length < LEAST_LETTERS) return null;
  const longest = lines.reduce(
    (best, { length }, at) => (length > (lines[best]?.length ?? 0) ? at : best),
    0,
  );
  const span = lines.reduce((sum, line) => sum + line.length + BETWEEN, 0);
  return { path, lines, longest, span };
}

const withoutFrontmatter = (text: string): string =>
  text.replace(/^\uFEFF?---\r?\n[\s\S]*?\r?\n---[ \t]*(\r?\n|$)/, '');

/** Whether a normalised text holds a holdout from its first line to its last, in order and close together. */
export function holdsWhole(haystack: string, { lines, longest }: Needle): boolean {
  if (!haystack.includes(lines[longest] ?? '')) return false;
  const [first = ''] = lines;
  for (let at = haystack.indexOf(first); at !== -1; at = haystack.indexOf(first, at + 1))
    if (goesOn(haystack, at + first.length, lines)) return true;
  return false;
}

function goesOn(haystack: string, from: number, lines: readonly string[]): boolean {
  let end = from;
  for (const line of lines.slice(1)) {
    const at = haystack.indexOf(line, end);
    if (at === -1 || at - end > BETWEEN) return false;
    end = at + line.length;
  }
  return true;
}
