import type { Change } from '../store.ts';

/** `:oldmode newmode oldblob newblob status`, a tab, and a path that may be quoted: lines of a raw diff; others are passed over. */
export function parseLines(lines: readonly string[]): Change[] {
  return lines.flatMap((line) => {
    if (!line.startsWith(':')) return [];
    const tab = line.indexOf('\t');
    return [changeOf(line.slice(0, tab), unquoted(line.slice(tab + 1)))];
  });
}

/** NUL-separated pairs of `:oldmode newmode oldblob newblob status` and path. */
export function parseRaw(output: string): Change[] {
  const start = output.indexOf(':');
  const fields = start === -1 ? [] : output.slice(start).split('\0');
  const changes: Change[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2)
    changes.push(changeOf(fields[index] ?? '', fields[index + 1] ?? ''));
  return changes;
}

function changeOf(facts: string, path: string): Change {
  const [, mode = '', , blob = '', status = 'M'] = facts.split(' ');
  return { mode, blob, status: status.slice(0, 1) as Change['status'], path };
}

const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  '\\': 92,
};

/** Git quotes a path with control characters, quotes or backslashes in it, as C would. */
function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  const parts = text.slice(1, -1).split(/(\\(?:[0-3][0-7]{2}|.))/);
  const bytes = parts.map((part) => {
    if (!part.startsWith('\\')) return Buffer.from(part);
    const known = ESCAPES[part.slice(1)];
    return Buffer.from([known ?? Number.parseInt(part.slice(1), 8)]);
  });
  return Buffer.concat(bytes).toString('utf8');
}
