/** A comparison as a line of the table: the median of its ratios is held against the limit. */
export const ratioRow = ({ what, per, limit, measured, yardstick, ratio }) => ({
  what,
  measured: `${spreadText(measured)} ms`,
  yardstick: `${spreadText(yardstick)} ms, ${per}`,
  result: `${spreadText(ratio)} ×`,
  limit: `${limit} ×`,
  over: ratio.median > limit,
});

/** A spread of numbers as a line of the table: the largest is held against the limit. */
export const peakRow = ({ what, measured, limit, unit }) => ({
  what,
  measured: `${spreadText(measured)} ${unit}`,
  yardstick: '',
  result: `${number(measured.max)} ${unit}`,
  limit: `${limit} ${unit}`,
  over: measured.max > limit,
});

const HEAD = ['what', 'measured: min / median / max', 'yardstick', 'ratio', 'limit', ''];

/** The rows as a Markdown table, so that it can go into a document as it is printed. */
export function table(rows) {
  const cells = rows.map(({ what, measured, yardstick, result, limit, over }) => [
    what,
    measured,
    yardstick,
    result,
    limit,
    over ? 'OVER' : 'ok',
  ]);
  const widths = HEAD.map((_, column) =>
    Math.max(...[HEAD, ...cells].map((row) => row[column].length)),
  );
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(HEAD), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join(
    '\n',
  );
}

const spreadText = ({ min, median, max }) => [min, median, max].map(number).join(' / ');

const number = (value) => (value < 100 ? value.toFixed(1) : String(Math.round(value)));
