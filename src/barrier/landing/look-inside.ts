import { posix } from 'node:path';
import { ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { expectOk } from '../git.ts';
import { inPlain } from '../store.ts';
import type { Change, Harvested, Repository } from '../store.ts';

/** What the policy has to know of the contents of changed files. */
export interface Inside {
  /** Where the symbolic links among the changes lead, by path. A target that is not UTF-8 is missing. */
  readonly links: ReadonlyMap<string, string>;
  /** Files that newly tell git to convert contents, by programs or encodings that not everybody has. */
  readonly conversions: ReadonlySet<string>;
}

/** Reads what has to be read of changed files, which is mostly nothing. */
export async function lookInside(
  repo: Repository,
  { base, changes }: Pick<Harvested, 'base' | 'changes'>,
): Promise<Result<Inside, Problem>> {
  const links = changes.filter(({ mode }) => mode === '120000');
  const attributes = changes.filter(isAttributes);
  if (links.length + attributes.length === 0)
    return ok({ links: new Map(), conversions: new Set() });
  const before = ({ path }: Change) => `${base}:${path}`;
  const names = [...[...links, ...attributes].map(({ blob }) => blob), ...attributes.map(before)];
  const exit = await repo.git(['cat-file', '--batch'], {
    at: inPlain(repo),
    input: names.map((name) => `${name}\n`).join(''),
  });
  const output = expectOk('The changes could not be read', exit);
  if (!output.ok) return output;
  const texts = readBatch(names, Buffer.from(output.value));
  const found = links.flatMap(({ blob, path }) => {
    const target = texts.get(blob);
    return target === undefined ? [] : [[path, target] as const];
  });
  const converting = attributes.filter((change) =>
    adds(texts.get(change.blob) ?? '', texts.get(before(change)) ?? ''),
  );
  return ok({ links: new Map(found), conversions: new Set(converting.map(({ path }) => path)) });
}

/** One whose name git cannot be asked about line by line is refused for its name. */
const isAttributes = ({ path, mode }: Change): boolean =>
  mode.startsWith('100') && posix.basename(path) === '.gitattributes' && !path.includes('\n');

const CONVERSION = /\s(filter|working-tree-encoding)\b/;

const conversionsIn = (text: string): string[] =>
  text.split('\n').filter((line) => CONVERSION.test(line));

const adds = (after: string, before: string): boolean => {
  const known = new Set(conversionsIn(before));
  return conversionsIn(after).some((line) => !known.has(line));
};

/** `<id> blob <size>`, newline, the bytes, newline, for each in order, or `<name> missing`. Stops at the first that does not add up. */
function readBatch(names: readonly string[], bytes: Buffer): Map<string, string> {
  const texts = new Map<string, string>();
  let at = 0;
  for (const name of names) {
    const end = bytes.indexOf(0x0a, at);
    const header = bytes.toString('utf8', at, end);
    const start = end + 1;
    const size = / blob (\d+)$/.exec(header)?.[1];
    if (header === `${name} missing`) {
      at = start;
      continue;
    }
    const next = start + Number(size);
    if (end === -1 || size === undefined || bytes[next] !== 0x0a) break;
    texts.set(name, bytes.toString('utf8', start, next));
    at = next + 1;
  }
  return texts;
}
