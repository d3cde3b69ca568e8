import matter from 'gray-matter';
import { isMap, isScalar, parseDocument } from 'yaml';
import type { Document, Node, YAMLMap } from 'yaml';
import type { Report, Source } from './source.ts';

/** One top-level key. Offsets are those of the source. */
export interface Entry {
  readonly value: unknown;
  readonly keyAt: number;
  readonly keyEnd: number;
  /** The value without anchor, tag and comment; equal offsets when there is none. */
  readonly valueAt: number;
  readonly valueEnd: number;
  /** Offset of a value below this one, or of its key; of the nearest that exists. */
  at(path: readonly PropertyKey[], part?: 'key'): number;
}

export interface Frontmatter {
  readonly entries: ReadonlyMap<string, Entry>;
  /** The text between the fences: from behind the opening one to the line feed before the closing one. */
  readonly start: number;
  readonly end: number;
  /** Where the text below begins. */
  readonly body: number;
}

const FENCE = '---';
const MAX_LENGTH = 32 * 1024;
const MAX_ALIASES = 20;

const inert = { parse: () => ({}), stringify: () => '' };
// gray-matter evaluates `---js` by default. It only splits here: no engine of it ever sees the text.
const ENGINES = Object.fromEntries(
  ['yaml', 'json', 'javascript', 'js', 'coffee', 'coffeescript', 'cson', 'toml'].map((name) => [
    name,
    inert,
  ]),
);

const none = (body: number): Frontmatter => ({ entries: new Map(), start: 0, end: 0, body });

/** Whether the file begins with frontmatter of any language. */
export const hasFrontmatter = (source: Source): boolean =>
  source.text.startsWith(FENCE) && source.text[FENCE.length] !== '-';

/** Splits off and parses the frontmatter; what is wrong with it is reported, and the body still found. */
export function parseFrontmatter(source: Source, report: Report): Frontmatter {
  const { text } = source;
  if (!hasFrontmatter(source)) return none(0);
  const close = text.indexOf(`\n${FENCE}`, FENCE.length - 1);
  if (close === -1) {
    report(0, { rule: 'frontmatter-unclosed', message: 'The frontmatter is never closed.' });
    return none(text.length);
  }
  const bodyOf = (from: number) =>
    text.indexOf('\n', from) === -1 ? text.length : text.indexOf('\n', from) + 1;
  const body = bodyOf(close + 1);
  const language = text.slice(FENCE.length, text.indexOf('\n')).trim();
  if (!['', 'yaml', 'yml'].includes(language.toLowerCase())) {
    report(FENCE.length, {
      rule: 'frontmatter-language',
      message: `The frontmatter is marked \`${language.slice(0, 40)}\`; only YAML is read.`,
    });
    return none(body);
  }
  if (close > MAX_LENGTH) {
    report(0, { rule: 'frontmatter-too-large', message: 'The frontmatter has over 32 KiB.' });
    return none(body);
  }
  const rest = text.slice(close + 1 + FENCE.length, body);
  if (rest.trim() !== '') {
    report(close + 1, {
      rule: 'frontmatter-unclosed',
      message: 'The line that closes the frontmatter says more than `---`.',
    });
  }
  return parseYaml(source, { close, body }, report);
}

function parseYaml(
  source: Source,
  { close, body }: { close: number; body: number },
  report: Report,
): Frontmatter {
  const split = matter(source.text.slice(0, body), { language: 'yaml', engines: ENGINES });
  const start = close - split.matter.length;
  // Its last line feed included: YAML does not know a carriage return at the very end.
  const yaml = source.text.slice(start, close + 1);
  const found: Frontmatter = { entries: new Map(), start, end: close, body };
  const bad = (at: number, message: string) => {
    report(start + at, {
      rule: 'frontmatter-yaml',
      message: `The frontmatter is not valid YAML: ${message}`,
    });
  };
  try {
    const document = parseDocument(yaml, { logLevel: 'silent', prettyErrors: false });
    for (const error of document.errors) bad(error.pos[0], sentence(error.message));
    if (document.errors.length > 0 || document.contents === null) return found;
    if (isScalar(document.contents) && document.contents.value === null) return found;
    if (!isMap(document.contents)) {
      bad(document.contents.range?.[0] ?? 0, 'expected lines of `key: value`.');
      return found;
    }
    return { ...found, entries: entriesOf(document, document.contents, start) };
  } catch (error) {
    // The library throws for bombs of aliases and for nesting beyond its stack; both are the file's fault.
    bad(0, sentence(error instanceof Error ? error.message : String(error)));
    return found;
  }
}

const sentence = (message: string): string =>
  `${(message.split('\n')[0] ?? '').replace(/[.:]$/, '').slice(0, 300)}.`;

function entriesOf(document: Document.Parsed, map: YAMLMap, start: number): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const { key, value } of map.items) {
    if (!isScalar(key)) continue;
    const keyAt = start + (key.range?.[0] ?? 0);
    const keyEnd = start + (key.range?.[1] ?? 0);
    const node = value as Node | null;
    const absent = node === null || (isScalar(node) && node.value === null && node.source === '');
    const valueAt = absent ? keyEnd : start + (node.range?.[0] ?? 0);
    entries.set(String(key.value), {
      value:
        node === null ? null : (node.toJS(document, { maxAliasCount: MAX_ALIASES }) as unknown),
      keyAt,
      keyEnd,
      valueAt: absent ? keyAt : valueAt,
      valueEnd: absent ? keyAt : start + (node.range?.[1] ?? 0),
      at: (path, part) => start + deepest(map, [key.value as PropertyKey, ...path], part),
    });
  }
  return entries;
}

/** Offset of the node the path leads to, or of the key or value nearest to it. */
function deepest(map: YAMLMap, path: readonly PropertyKey[], part?: 'key'): number {
  let at = map.range?.[0] ?? 0;
  let node: unknown = map;
  for (const [depth, step] of path.entries()) {
    const ofKey = part === 'key' && depth === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
      if (pair === undefined) break;
      const value = pair.value as Node | null;
      const key = pair.key as Node;
      at =
        (!ofKey && value?.range && value.range[1] > value.range[0]
          ? value.range[0]
          : key.range?.[0]) ?? at;
      node = value;
    } else if (node !== null && typeof node === 'object' && 'items' in node) {
      const item = (node.items as (Node | null)[])[Number(step)];
      at = item?.range?.[0] ?? at;
      node = item;
    } else break;
  }
  return at;
}
