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

const remembered = new WeakMap<HoldoutText, ReadonlySet<string>>();

/** Every file of every harvest is compared with the same holdouts. */
function shinglesOf(holdout: HoldoutText): ReadonlySet<string> {
  const known = remembered.get(holdout) ?? shingles(holdout.text);
  remembered.set(holdout, known);
  return known;
}

/** Wording that a text has in common with holdouts and that `own`, what its author was told, does not have. */
export function overlapsIn(
  { where, text }: { readonly where: string; readonly text: string },
  holdouts: readonly HoldoutText[],
  own: string,
): readonly Overlap[] {
  const said = shingles(text);
  if (said.size === 0) return [];
  const known = shingles(own);
  return holdouts.flatMap((holdout) => {
    const { path } = holdout;
    const mine = [...shinglesOf(holdout)].filter((each) => !known.has(each));
    const shared = mine.filter((each) => said.has(each)).length;
    return shared < LEAST ? [] : [{ holdout: path, where, shared, of: mine.length }];
  });
}
