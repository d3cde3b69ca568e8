import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { expectOk } from '../git.ts';
import { inPlain } from '../store.ts';
import type { Repository } from '../store.ts';

/** Larger files are data, which nobody copies a scenario into to read it there. */
const MOST_BYTES = 2 * 1024 * 1024;

/**
 * Text of blobs, by name; bytes that are no UTF-8 replaced. A blob that was just written lies in a file of its own and needs no process;
 * one for all the others.
 */
export async function readBlobs(
  repo: Pick<Repository, 'git' | 'scratch' | 'plainDir' | 'objects'>,
  ids: readonly string[],
): Promise<Result<ReadonlyMap<string, string>, Problem>> {
  const texts = new Map<string, string>();
  const packed: string[] = [];
  for (const id of new Set(ids)) {
    const text = await loose(repo.objects, id);
    if (text === null) packed.push(id);
    else texts.set(id, text);
  }
  if (packed.length === 0) return ok(texts);
  // A line that no file can hold, since nobody knew of it when they were written.
  const mark = `blob-${randomBytes(12).toString('hex')}`;
  const output = expectOk(
    'The work could not be read',
    await repo.git(['cat-file', `--batch=${mark} %(objectname) %(objecttype)`], {
      at: inPlain(repo as Repository),
      input: packed.map((id) => `${id}\n`).join(''),
    }),
  );
  if (!output.ok) return output;
  for (const part of output.value.split(mark).slice(1)) {
    const [head = '', ...lines] = part.split('\n');
    texts.set(head.trim().split(' ')[0] ?? '', lines.join('\n'));
  }
  return ok(texts);
}

async function loose(objects: string, id: string): Promise<string | null> {
  const file = await readFile(join(objects, id.slice(0, 2), id.slice(2))).catch(() => null);
  if (file === null) return null;
  try {
    const bytes = await promisify(inflate)(file, { maxOutputLength: MOST_BYTES });
    return bytes.subarray(bytes.indexOf(0) + 1).toString('utf8');
  } catch {
    // Larger than we read.
    return '';
  }
}
