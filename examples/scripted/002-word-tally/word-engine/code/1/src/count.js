import { wordsOf } from './words.js';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Lines, words and characters (as a reader takes them) of a text. */
export function countText(text) {
  const words = wordsOf(text).length;
  return { lines: countLines(text), words, characters: countCharacters(text) };
}

function countLines(text) {
  const newlines = text.split('\n').length - 1;
  return text === '' || text.endsWith('\n') ? newlines : newlines + 1;
}

function countCharacters(text) {
  let count = 0;
  for (const _ of graphemes.segment(text)) count += 1;
  return count;
}
