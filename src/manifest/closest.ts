import { distance } from 'fastest-levenshtein';

const MOST_CANDIDATES = 500;

/** The candidate a person most probably meant, or null when none is near. Looks at the first 500 only. */
export function closest(word: string, candidates: Iterable<string>): string | null {
  if (word.length < 3 || word.length > 100) return null;
  const limit = Math.ceil(word.length / 3);
  let best: { candidate: string; distance: number } | null = null;
  let seen = 0;
  for (const candidate of candidates) {
    seen += 1;
    if (seen > MOST_CANDIDATES) break;
    const away = distance(word.toLowerCase(), candidate.toLowerCase());
    if (away <= limit && (best === null || away < best.distance))
      best = { candidate, distance: away };
  }
  return best?.candidate ?? null;
}
