import { ok } from '../domain/index.ts';
import type { Problem, Result } from '../domain/index.ts';
import { expectOk } from './git.ts';
import { inPlain } from './store.ts';
import type { Change, Repository } from './store.ts';

/** Where the symbolic links among these changes lead, by path. A target that is not UTF-8 is missing from the map. */
export async function linkTargets(
  repo: Repository,
  changes: readonly Change[],
): Promise<Result<ReadonlyMap<string, string>, Problem>> {
  const links = changes.filter((change) => change.mode === '120000');
  if (links.length === 0) return ok(new Map());
  const exit = await repo.git(['cat-file', '--batch'], {
    at: inPlain(repo),
    input: links.map(({ blob }) => `${blob}\n`).join(''),
  });
  const output = expectOk('The symbolic links could not be read', exit);
  if (!output.ok) return output;
  return ok(readBatch(links, Buffer.from(output.value)));
}

/** `<id> blob <size>`, newline, the bytes, newline, for each in order. Stops at the first that does not add up. */
function readBatch(links: readonly Change[], bytes: Buffer): Map<string, string> {
  const targets = new Map<string, string>();
  let at = 0;
  for (const { blob, path } of links) {
    const end = bytes.indexOf(0x0a, at);
    const [id, , size = ''] = bytes.toString('utf8', at, end).split(' ');
    const start = end + 1;
    const next = start + Number(size);
    if (end === -1 || id !== blob || bytes[next] !== 0x0a) break;
    targets.set(path, bytes.toString('utf8', start, next));
    at = next + 1;
  }
  return targets;
}
