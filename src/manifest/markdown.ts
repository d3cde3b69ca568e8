import { gfmTaskListItemFromMarkdown } from 'mdast-util-gfm-task-list-item';
import { gfmTaskListItem } from 'micromark-extension-gfm-task-list-item';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import type { Plugin, Processor } from 'unified';

// Inline syntax is off: we read lines from the source itself, and pathological emphasis or brackets cost nothing.
const BLOCKS_ONLY = {
  disable: {
    null: [
      'attention',
      'autolink',
      'characterEscape',
      'characterReference',
      'codeText',
      'definition',
      'hardBreakEscape',
      'htmlText',
      'labelEnd',
      'labelStartImage',
      'labelStartLink',
    ],
  },
};

type Parsed = typeof remarkParse extends Plugin<never, string, infer Tree> ? Tree : never;

const parser: Processor<Parsed> = unified()
  .use(remarkParse)
  .data('micromarkExtensions', [gfmTaskListItem(), BLOCKS_ONLY])
  .data('fromMarkdownExtensions', [gfmTaskListItemFromMarkdown()])
  .freeze();

export type Root = ReturnType<typeof parser.parse>;
export type Block = Root['children'][number];
export type List = Extract<Block, { type: 'list' }>;
export type ListItem = List['children'][number];
export type Heading = Extract<Block, { type: 'heading' }>;

/** Markdown → its blocks; list items know their box. Inline content is one text node. */
export const parseMarkdown = (text: string): readonly Block[] => parser.parse(text).children;

/** Characters parsed at once: the tree of a list of 10,000 items would take a quarter of a gigabyte. */
const PIECE = 64 * 1024;

/** A block, the text it was parsed from, and where that text begins in the whole. */
export interface PlacedBlock {
  readonly block: Block;
  readonly markdown: string;
  readonly base: number;
}

/**
 * The blocks of a text from an offset on, parsed piece by piece. A piece ends before a task-list item at the left margin, and only
 * where its last block is a list: such an item closes whatever stands in the item before it, so nothing reads differently.
 */
export function* blocksOf(text: string, from: number): Generator<PlacedBlock> {
  for (let base = from, size = PIECE; base < text.length;) {
    const end = nextItem(text, base + size);
    const markdown = text.slice(base, end);
    const blocks = parseMarkdown(markdown);
    if (end < text.length && blocks.at(-1)?.type !== 'list') {
      size *= 2;
      continue;
    }
    for (const block of blocks) yield { block, markdown, base };
    base = end;
    size = PIECE;
  }
}

const ITEM = /(?<=\n)[-*+] \[[ xX]\] /g;

function nextItem(text: string, from: number): number {
  ITEM.lastIndex = from;
  return ITEM.exec(text)?.index ?? text.length;
}

/** Offsets of a node within the text that was parsed. */
export function range(node: Block | ListItem): { start: number; end: number } {
  return { start: node.position?.start.offset ?? 0, end: node.position?.end.offset ?? 0 };
}

/** The words of a heading, without its markers, emphasis and closing `#`. */
export function headingText(text: string, heading: Heading): string {
  const { start, end } = range(heading);
  return text
    .slice(start, end)
    .replace(/^[#\s]+/, '')
    .replace(/\n[ \t]*(?:=+|-+)[ \t]*$/, '')
    .replace(/(?<=[ \t])#+$/, '')
    .replaceAll(/[*`]/g, '')
    .trim();
}
