import { stripVTControlCharacters } from 'node:util';

const LONGEST = 160;

/** Foreign text as part of one line for a person: no control or ANSI characters, at most 160 characters. */
export function oneLine(text: string): string {
  const plain = stripVTControlCharacters(text)
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
  return plain.length <= LONGEST ? plain : `${plain.slice(0, LONGEST - 1)}…`;
}

/** Its last words, as the end of a sentence about its end: `: no such key`, or nothing when it said nothing. */
export function lastWords(stderr: string): string {
  const line = stderr
    .trimEnd()
    .split('\n')
    .findLast((each) => oneLine(each) !== '');
  return line === undefined ? '' : `: ${oneLine(line)}`;
}
