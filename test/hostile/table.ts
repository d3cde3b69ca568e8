import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { BARRIERS, type Barrier, type Outcome, type Results } from './campaigns.ts';

const DOCUMENT = fileURLToPath(new URL('../../docs/barrier.md', import.meta.url));
const BEGIN = '<!-- attacks: written by `npm run hostile`, not by hand -->';
const END = '<!-- /attacks -->';

/** Outcomes by barrier, then campaign, then attack. */
export type Measured = Readonly<Record<Barrier, ReadonlyMap<string, Results>>>;

/** Puts the measured outcomes into the document, in place of the last ones. */
export async function writeTable(measured: Measured): Promise<void> {
  const [before, , after] = split(await readFile(DOCUMENT, 'utf8'));
  await writeFile(DOCUMENT, [before, BEGIN, render(measured), END, after].join('\n'));
}

/** One column of the document's tables: outcome by attack, by campaign. */
export async function readColumn(barrier: Barrier): Promise<Record<string, Column>> {
  const [, table] = split(await readFile(DOCUMENT, 'utf8'));
  const column = BARRIERS.indexOf(barrier) + 1;
  const sections = table.split('\n### ').slice(1);
  return Object.fromEntries(
    sections.map((text) => {
      const [title = '', ...lines] = text.split('\n');
      const rows = lines.filter((line) => line.startsWith('|')).slice(2);
      const cells = rows.map((row) =>
        row
          .split('|')
          .map((cell) => cell.trim())
          .slice(1),
      );
      return [title, Object.fromEntries(cells.map((row) => [row[0] ?? '', row[column] ?? '']))];
    }),
  );
}

export type Column = Readonly<Record<string, string>>;

/** The same of what was measured. */
export const asColumn = (measured: ReadonlyMap<string, Results>): Record<string, Column> =>
  Object.fromEntries([...measured].map(([title, results]) => [title, Object.fromEntries(results)]));

function split(text: string): [before: string, table: string, after: string] {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin === -1 || end === -1) throw new Error(`${DOCUMENT} has no place for the table`);
  return [
    text.slice(0, begin).trimEnd() + '\n',
    text.slice(begin + BEGIN.length, end),
    text.slice(end + END.length).replace(/^\n/, ''),
  ];
}

function render(measured: Measured): string {
  const titles = [...measured.sandbox.keys()];
  const sections = titles.map((title) => `\n${section(title, measured)}\n`);
  return [`\n${summary(measured)}\n`, ...sections].join('');
}

/** `170 attacks. advisory: 12 stopped, 3 detected, 155 open. sandbox: …` */
function summary(measured: Measured): string {
  const counts = BARRIERS.map((barrier) => {
    const outcomes = [...measured[barrier].values()].flatMap((results) => [...results.values()]);
    const of = (outcome: Outcome) => outcomes.filter((each) => each === outcome).length;
    return `${barrier}: ${of('stopped')} stopped, ${of('detected')} detected, ${of('open')} open`;
  });
  const total = [...measured.sandbox.values()].reduce((sum, { size }) => sum + size, 0);
  return `${total} attacks. ${counts.join('. ')}.`;
}

function section(title: string, measured: Measured): string {
  const attacks = [...(measured.sandbox.get(title)?.keys() ?? [])].toSorted((a, b) =>
    a < b ? -1 : 1,
  );
  const outcome = (barrier: Barrier, attack: string) =>
    measured[barrier].get(title)?.get(attack) ?? '–';
  const rows = attacks.map((attack) => [attack, ...BARRIERS.map((each) => outcome(each, attack))]);
  const table = [['attack', ...BARRIERS], ...rows];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [`### ${title}`, '', line(table[0] ?? []), rule, ...table.slice(1).map(line)].join('\n');
}
