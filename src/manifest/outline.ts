import { closest } from './closest.ts';
import { blocksOf, headingText, range } from './markdown.ts';
import type { Block, Heading, ListItem } from './markdown.ts';

/** A stretch of the text, as offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Item {
  /** Of the list item, its marker included. */
  readonly start: number;
  /** Its first paragraph, without marker and box; empty when it has none. */
  readonly text: Span;
  /** Offset of the character between the brackets, null without a box. */
  readonly box: number | null;
  /** Within another item. */
  readonly nested: boolean;
}

/** The two sections of a manifest that mean something, and nothing else. */
export interface Outline {
  readonly hasUnits: boolean;
  readonly hasOrder: boolean;
  readonly items: readonly Item[];
  /** Paragraphs, and the first paragraphs of list items, below Execution Order. */
  readonly order: readonly Span[];
  /** Headings that are nearly one of a section that is missing. */
  readonly near: ReadonlyMap<Section, NearMiss>;
}

/** A heading that opens nothing. */
interface NearMiss {
  readonly at: number;
  readonly words: string;
}

type Section = 'units' | 'order';

const SECTIONS: ReadonlyMap<string, Section> = new Map([
  ['units', 'units'],
  ['execution order', 'order'],
  ['execution groups', 'order'],
]);

/** What people write who mean one of them. */
const NEARLY: ReadonlyMap<string, Section> = new Map([
  ...SECTIONS,
  ['execution', 'order'],
  ['order', 'order'],
  ['groups', 'order'],
]);

/** The words of a heading that say what it opens: a leading number and a closing colon or count aside. */
const bareOf = (words: string): string =>
  words
    .slice(0, 100)
    .replace(/^[\d.]+\s+/, '')
    .replace(/\s*(?:\(\d+\))?\s*:?$/, '')
    .replaceAll(/\s+/g, ' ')
    .toLowerCase();

/**
 * Finds the sections `Units` and `Execution Order`. A section reaches to the next heading of the same or a higher level, so a
 * sub-heading stays within it; what is below any other heading (notes, a checklist) is never read.
 */
export function outlineOf(text: string, body: number): Outline {
  const items: Item[] = [];
  const order: Span[] = [];
  const seen = new Set<Section>();
  const near = new Map<Section, NearMiss>();
  let open: { section: Section; depth: number } | null = null;
  for (const { markdown, block, base } of blocksOf(text, body)) {
    if (
      block.type === 'heading' &&
      !(open?.section === 'order' && isUnderlinedGroup(markdown, block))
    ) {
      const words = headingText(markdown, block);
      const section = SECTIONS.get(bareOf(words));
      if (section === undefined) {
        const meant = NEARLY.get(closest(bareOf(words), NEARLY.keys()) ?? '');
        if (meant !== undefined && !near.has(meant))
          near.set(meant, { at: base + range(block).start, words });
      }
      if (section !== undefined) {
        seen.add(section);
        open = { section, depth: block.depth };
      } else if (open !== null && block.depth <= open.depth) open = null;
      continue;
    }
    if (open?.section === 'units') collectItems(markdown, block, { nested: false, base, items });
    if (open?.section === 'order') collectLines(block, base, order);
  }
  return { hasUnits: seen.has('units'), hasOrder: seen.has('order'), items, order, near };
}

/** Lines of groups directly above a rule `---` are a heading to Markdown, but not to whoever wrote them. */
function isUnderlinedGroup(text: string, heading: Heading): boolean {
  const { start } = range(heading);
  return /^[ *_`]{0,8}group\s/i.test(text.slice(start, start + 20));
}

function collectItems(
  text: string,
  block: Block,
  to: { nested: boolean; base: number; items: Item[] },
): void {
  if (block.type !== 'list') return;
  for (const item of block.children) {
    to.items.push(itemOf(text, item, to));
    for (const child of item.children) collectItems(text, child, { ...to, nested: true });
  }
}

function itemOf(
  text: string,
  item: ListItem,
  { nested, base }: { nested: boolean; base: number },
): Item {
  const { start } = range(item);
  const paragraph = item.children[0];
  const span = paragraph?.type === 'paragraph' ? range(paragraph) : { start, end: start };
  const boxed = typeof item.checked === 'boolean';
  return {
    start: start + base,
    text: { start: span.start + base, end: span.end + base },
    box: boxed ? text.indexOf('[', start) + 1 + base : null,
    nested,
  };
}

function collectLines(block: Block, base: number, order: Span[]): void {
  if (block.type === 'paragraph' || block.type === 'heading') {
    const { start, end } = range(block);
    order.push({ start: start + base, end: end + base });
  } else if (block.type === 'list') {
    for (const item of block.children)
      for (const child of item.children) collectLines(child, base, order);
  }
}
