import { createHash } from 'node:crypto';
import { layOut } from './manifest.ts';
import type { Layout } from './manifest.ts';
import { toSource } from './source.ts';

/** Hex sha256 of bytes, or of text as UTF-8. */
export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/**
 * Hash of a manifest with its boxes and its status set aside: what stays the same while a run ticks boxes, and changes when a
 * person edits anything else. Of a text that cannot be parsed, the hash of the text.
 */
export function neutralHash(text: string): string {
  const source = toSource(text, '');
  const layout = layOut(source, () => undefined);
  return sha256(layout === null ? text : neutral(source.text, layout));
}

function neutral(text: string, { frontmatter, units }: Layout): string {
  const cuts = units.map(({ box }) => ({ start: box, end: box + 1 }));
  const status = frontmatter.entries.get('status');
  if (status !== undefined) {
    const start = text.lastIndexOf('\n', status.keyAt) + 1;
    const newline = text.indexOf('\n', Math.max(status.valueEnd, status.keyEnd));
    cuts.push({ start, end: newline === -1 ? text.length : newline + 1 });
  }
  let result = '';
  let from = 0;
  for (const { start, end } of cuts.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(from, Math.max(from, start));
    from = Math.max(from, end);
  }
  return result + text.slice(from);
}
