import { wordsOf } from './words.js';

/** The most frequent words, at most `limit`; equals in alphabetical order. */
export function topWords(text, limit = 10) {
  const words = wordsOf(text);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new RangeError('limit must be a whole number of at least 1');
  }
  const counts = new Map();
  for (const written of words) {
    const word = written.normalize('NFC').toLowerCase();
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .map(([word, count]) => ({ word, count }))
    .sort((one, other) => other.count - one.count || one.word.localeCompare(other.word))
    .slice(0, limit);
}
