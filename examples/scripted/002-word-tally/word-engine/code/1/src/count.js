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
  // No character spans lines, and the segmenter is slow on long texts: it gets one line at a time, and only if it must.
  const lines = text.split(/\r?\n/);
  const within = lines.map((line) => (ascii.test(line) ? line.length : segmentsOf(line)));
  return within.reduce((sum, count) => sum + count, lines.length - 1);
}

const ascii = /^[\x20-\x7e\t]*$/;
const segmentsOf = (line) => [...graphemes.segment(line)].length;
