import type { Overlap } from '../../domain/index.ts';
import { normalised, type HoldoutText } from './texts.ts';

/** Words in a row that make one shingle. */
const WORDS = 5;
/** Honest work shares a phrase with its scenarios now and then. */
const LEAST = 3;

function shingles(text: string): ReadonlySet<string> {
  const words = normalised(text).split(' ');
  return new Set(words.slice(WORDS - 1).map((_, at) => words.slice(at, at + WORDS).join(' ')));
}

/** Who has a shingle, by position. */
type Index = ReadonlyMap<string, readonly number[]>;

const remembered = new WeakMap<readonly HoldoutText[], Index>();

/** Every file of every harvest is compared with the same holdouts. */
function indexOf(holdouts: readonly HoldoutText[]): Index {
  const known = remembered.get(holdouts);
  if (known !== undefined) return known;
  const index = new Map<string, number[]>();
  for (const [at, { text }] of holdouts.entries())
    for (const shingle of shingles(text)) {
      const owners = index.get(shingle);
      if (owners === undefined) index.set(shingle, [at]);
      else owners.push(at);
    }
  remembered.set(holdouts, index);
  return index;
}

/** Wording that a text has in common with holdouts and that `own`, what its author was told, does not have. */
export function overlapsIn(
  { where, text }: { readonly where: string; readonly text: string },
  holdouts: readonly HoldoutText[],
  own: string,
): readonly Overlap[] {
  const index = indexOf(holdouts);
  const said = [...shingles(text)].filter((shingle) => index.has(shingle));
  if (said.length < LEAST) return [];
  const known = shingles(own);
  const shared = new Map<number, number>();
  for (const shingle of said)
    if (!known.has(shingle))
      for (const at of index.get(shingle) ?? []) shared.set(at, (shared.get(at) ?? 0) + 1);
  return holdouts.flatMap((holdout, at) => {
    const count = shared.get(at) ?? 0;
    if (count < LEAST) return [];
    const mine = [...shingles(holdout.text)].filter((each) => !known.has(each));
    return [{ holdout: holdout.path, where, shared: count, of: mine.length }];
  });
}
