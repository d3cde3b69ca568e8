import { h } from 'hastscript';
import { oneLine } from '../words.ts';

/** An element of the page; text in it is escaped when the page is written. */
export type Part = Extract<ReturnType<typeof h>, { type: 'element' }>;

/** A section with a heading that the page's contents link to. */
export const section = (id: string, title: string, parts: readonly (Part | string)[]): Part =>
  h('section', { id, ariaLabelledBy: `${id}-title` }, h('h2', { id: `${id}-title` }, title), [
    ...parts,
  ]);

/** A title of a spec or a unit: what stands between backticks in it is code. */
export const titled = (title: string): (string | Part)[] =>
  oneLine(title)
    .split(/`([^`]+)`/)
    .map((piece, at) => (at % 2 === 1 ? h('code', piece) : piece));

/** A cell: text, or what stands for it. */
export type Cell = string | Part | readonly (string | Part)[];

export interface TableOf {
  /** For screen readers, and for whoever lands in the middle. */
  readonly caption: string;
  readonly head: readonly string[];
  /** The first cell of each row is its header. */
  readonly rows: readonly (readonly Cell[])[];
  /** Columns of numbers, by position. */
  readonly numbers?: readonly number[];
  /** On a phone each row is a card of its own, each cell with the name of its column; otherwise it scrolls. */
  readonly stacks?: boolean;
}

/** A table that scrolls inside its own box, by keyboard too. */
export function table({ caption, head, rows, numbers = [], stacks = false }: TableOf): Part {
  // Laid out as blocks, a table is one for nobody who listens, unless it says so.
  const role = (name: string) => (stacks ? { role: name } : {});
  const aligned = (column: number) => (numbers.includes(column) ? { className: ['number'] } : {});
  return h(
    'div',
    { className: ['scroll'], tabIndex: 0, role: 'region', ariaLabel: caption },
    h('table', { ...shapeOf(head.length, stacks), ...role('table') }, [
      h('caption', { className: ['unseen'] }, caption),
      h(
        'thead',
        role('rowgroup'),
        h(
          'tr',
          role('row'),
          head.map((name, column) =>
            h('th', { scope: 'col', ...aligned(column), ...role('columnheader') }, name),
          ),
        ),
      ),
      h(
        'tbody',
        role('rowgroup'),
        rows.map((row) =>
          h(
            'tr',
            role('row'),
            row.map((cell, column) =>
              column === 0
                ? h('th', { scope: 'row', ...role('rowheader') }, filled(cell))
                : h(
                    'td',
                    { ...aligned(column), ...role('cell'), dataColumn: head[column] ?? '' },
                    h('div', filled(cell)),
                  ),
            ),
          ),
        ),
      ),
    ]),
  );
}

const shapeOf = (columns: number, stacks: boolean) => {
  if (stacks) return { className: ['stacks'] };
  return columns > 4 ? { className: ['wide'] } : {};
};

const filled = (cell: Cell): (string | Part)[] =>
  typeof cell === 'string' ? [oneLine(cell)] : Array.isArray(cell) ? [...cell] : [cell as Part];

/** A word on a coloured ground; the sign in it says the same without colour. */
export const badge = (kind: string, text: string): Part =>
  h('span', { className: ['badge', `is-${kind}`] }, text);

export const code = (text: string): Part => h('code', oneLine(text));

/** Only for screen readers. */
export const unseen = (text: string): Part => h('span', { className: ['unseen'] }, text);

/** 0.42 → `42.000%`, as a length in a style. */
export const share = (part: number, whole: number): string =>
  `${(whole <= 0 ? 0 : (100 * part) / whole).toFixed(3)}%`;

/** ISO time as people read it; the page knows no time zone but UTC. */
export const clockTime = (iso: string): string =>
  iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');

/** The same in a cell, in one piece. */
export const timeCell = (iso: string): Part =>
  h('time', { dateTime: iso, className: ['keep'] }, clockTime(iso));
