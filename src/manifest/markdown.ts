import { gfmTaskListItemFromMarkdown } from 'mdast-util-gfm-task-list-item';
import { gfmTaskListItem } from 'micromark-extension-gfm-task-list-item';
import { remark } from 'remark';

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

const parser = remark()
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
