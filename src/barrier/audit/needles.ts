import { holdsWhole, needleOf, type HoldoutText, type Needle } from './texts.ts';

/** Up to so many are looked for one by one, which is quicker than to take a text apart. */
const FEW = 32;

/** Two words that follow one another. */
type Pair = readonly [first: string, second: string];

/**
 * Holdouts made ready to be recognised all at once: what a look costs goes by the length of the text, not by how many they are.
 *
 * Whoever holds a whole holdout holds every two words in the midst of its lines, whatever stands before and behind them; so each is filed
 * under two such words that few others have.
 */
export class Needles {
  readonly #all: readonly Needle[];
  readonly #filed = new Map<string, Map<string, Needle[]>>();
  /** Those of short lines only. */
  readonly #others: readonly Needle[];
  readonly span: number;

  constructor(holdouts: readonly HoldoutText[]) {
    this.#all = holdouts.flatMap((holdout) => needleOf(holdout) ?? []);
    this.span = Math.max(0, ...this.#all.map(({ span }) => span));
    const common = new Map<string, number>();
    const pairs = this.#all.length <= FEW ? [] : this.#all.map(pairsOf);
    for (const own of pairs)
      for (const name of own.keys()) common.set(name, (common.get(name) ?? 0) + 1);
    this.#others = this.#all.filter((needle, at) => {
      const own = [...(pairs[at] ?? [])];
      const rarest = own.reduce<(typeof own)[number] | null>(
        (best, each) =>
          best === null || (common.get(each[0]) ?? 0) < (common.get(best[0]) ?? 0) ? each : best,
        null,
      );
      if (rarest !== null) this.#file(needle, rarest[1]);
      return rarest === null;
    });
  }

  #file(needle: Needle, [first, second]: Pair): void {
    const below = this.#filed.get(first) ?? new Map<string, Needle[]>();
    this.#filed.set(first, below);
    below.set(second, [...(below.get(second) ?? []), needle]);
  }

  /** The first of those a normalised text holds as a whole that `counts`. */
  find(haystack: string, counts: (needle: Needle) => boolean): Needle | undefined {
    const held = (needle: Needle) => holdsWhole(haystack, needle) && counts(needle);
    return this.#others.find(held) ?? this.#candidates(haystack).find(held);
  }

  #candidates(haystack: string): readonly Needle[] {
    if (this.#filed.size === 0) return [];
    const found = new Set<Needle>();
    const words = haystack.split(' ');
    for (const [at, word] of words.entries()) {
      const filed = this.#filed.get(word)?.get(words[at + 1] ?? '');
      for (const needle of filed ?? []) found.add(needle);
    }
    return [...found];
  }
}

/** Of every line without its first and its last word, which may be glued to something else in a copy. */
function pairsOf({ lines }: Needle): ReadonlyMap<string, Pair> {
  const found = new Map<string, Pair>();
  for (const line of lines) {
    const words = line.split(' ').slice(1, -1);
    for (const [at, first] of words.slice(0, -1).entries()) {
      const second = words[at + 1] ?? '';
      found.set(`${first} ${second}`, [first, second]);
    }
  }
  return found;
}

const remembered = new WeakMap<readonly HoldoutText[], Needles>();

/** The same holdouts are looked for in all that a run's agents say and make. */
export function needlesOf(holdouts: readonly HoldoutText[]): Needles {
  const known = remembered.get(holdouts) ?? new Needles(holdouts);
  remembered.set(holdouts, known);
  return known;
}
