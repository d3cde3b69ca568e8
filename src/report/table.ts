import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';

/** Cuts to terminal columns, wide characters and colours counted rightly, with `…` where something is missing. */
export const cut = (text: string, columns: number): string =>
  columns < 1 ? '' : cliTruncate(text, columns);

/** Fills up with spaces to terminal columns. */
export const pad = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - stringWidth(text)));

const widths = (rows: readonly (readonly string[])[]): readonly number[] =>
  (rows[0] ?? []).map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, stringWidth(row[column] ?? '')), 0),
  );

/** Aligned columns, two spaces apart; the first row is the header. */
export function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const columns = widths(rows);
  return rows.map((row) =>
    row
      .map((cell, column) => pad(cell, columns[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** A Markdown table that also reads well as it is; the first row is the header. */
export function markdownTable(rows: readonly (readonly string[])[]): readonly string[] {
  const safe = rows.map((row) => row.map((cell) => cell.replaceAll('|', String.raw`\|`)));
  const columns = widths(safe);
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => pad(cell, columns[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${columns.map((width) => '-'.repeat(Math.max(3, width))).join(' | ')} |`;
  return safe.flatMap((row, index) => (index === 0 ? [line(row), rule] : [line(row)]));
}
