import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Outcome, Results } from './campaigns.ts';

const DOCUMENT = fileURLToPath(new URL('../../docs/barrier.md', import.meta.url));
const BEGIN = '<!-- attacks: written by `npm run hostile`, not by hand -->';
const END = '<!-- /attacks -->';

/** Outcomes of one campaign. */
export interface Measured {
  readonly campaign: string;
  readonly results: Results;
}

/** Puts the measured outcomes into the document, in place of the last ones. */
export async function writeTable(measured: readonly Measured[]): Promise<void> {
  const text = await readFile(DOCUMENT, 'utf8');
  const [before, , after] = split(text);
  await writeFile(DOCUMENT, [before, BEGIN, render(measured), END, after].join('\n'));
}

/** Outcomes in the order of the document. */
const sorted = (results: Results): Record<string, Outcome> =>
  Object.fromEntries([...results].toSorted(([a], [b]) => (a < b ? -1 : 1)));

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

const render = (measured: readonly Measured[]): string =>
  measured.map((each) => `\n${section(each)}\n`).join('');

function section({ campaign, results }: Measured): string {
  const table = [['attack', 'outcome'], ...Object.entries(sorted(results))];
  const widths = [0, 1].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [`### ${campaign}`, '', line(table[0] ?? []), rule, ...table.slice(1).map(line)].join(
    '\n',
  );
}
