/** Letters, digits and their accents; an apostrophe or hyphen counts between two of them only. */
const word = /[\p{L}\p{N}\p{M}]+(?:['’-][\p{L}\p{N}\p{M}]+)*/gu;

/** The words of a text, in order, as written. */
export function wordsOf(text) {
  if (typeof text !== 'string') throw new TypeError('text must be a string');
  return text.match(word) ?? [];
}
