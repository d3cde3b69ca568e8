import { stripVTControlCharacters } from 'node:util';
import { wordsOf } from '../feedback/surface.ts';
import { mint, SYMPTOM_LENGTH } from '../feedback/symptom.ts';
import type { Symptom } from '../feedback/symptom.ts';
import { FIXED_WORDS } from '../feedback/traffic.ts';

/** What kind of thing went wrong: all that is left of a line that says too much. */
export type Category =
  'status' | 'body' | 'timeout' | 'connection' | 'command' | 'export' | 'other';

const ALONE: Readonly<Record<Category, string>> = {
  status: 'a request returned a status that is not as described',
  body: 'a request returned a body that is not as described',
  timeout: 'no answer within the time allowed',
  connection: 'the connection was refused or closed',
  command: 'the command did not behave as described',
  export: 'an export did not behave as described',
  other: 'the behaviour is not as described',
};

/** Measured: these limits stop every verbatim, wrapped, re-cased or encoded copy. */
const TRIGRAMS = 2;
const SUBSTRING = 14;
const PRIVATE_WORDS = 1;
/** Longer runs of letters and digits may be an encoding. */
const LONGEST_WORD = 24;

export interface FilterContext {
  readonly scenarioText: string;
  readonly unitText: string;
  readonly category?: Category;
}

/**
 * A free-text symptom of `report` mode, if it gives nothing of the scenario away; else its category alone. Overlap counts against the
 * scenario text minus what the unit spec says itself.
 */
export function filterSymptom(text: string, context: FilterContext): Symptom {
  const plain = mint(stripVTControlCharacters(text).normalize('NFKC'));
  const fallback = mint(ALONE[context.category ?? 'other']);
  const tooLong = Array.from(text.trim()).length > SYMPTOM_LENGTH || /[\r\n]/.test(text.trim());
  return plain === '' || tooLong || tellsTooMuch(plain, context) ? fallback : plain;
}

function tellsTooMuch(line: string, { scenarioText, unitText }: FilterContext): boolean {
  const said = words(line);
  const scenario = words(scenarioText);
  const unit = words(unitText);
  const unitWords = new Set(unit);
  const known = (word: string) => unitWords.has(word) || KNOWN_WORDS.has(word);
  if (said.some((word) => word.length > LONGEST_WORD && !unitWords.has(word))) return true;
  // A letter from another alphabet that looks like ours hides a word from every comparison.
  if (said.some((word) => /[^\p{ASCII}]/u.test(word) && !unitWords.has(word))) return true;

  const secret = new Set(scenario.filter((word) => !known(word)));
  if (count(said, (word) => secret.has(word)) >= PRIVATE_WORDS) return true;
  const unitTrigrams = trigrams(unit);
  const secretTrigrams = new Set([...trigrams(scenario)].filter((each) => !unitTrigrams.has(each)));
  if (count([...trigrams(said)], (each) => secretTrigrams.has(each)) >= TRIGRAMS) return true;
  return sharesSubstring(letters(line), { secret: letters(scenarioText), open: letters(unitText) });
}

const KNOWN_WORDS: ReadonlySet<string> = new Set(
  [...FIXED_WORDS].map((word) => word.toLowerCase()),
);

/** Compatibility forms and case folded, so that no spelling of a word hides it. */
const words = (text: string): string[] => wordsOf(text.normalize('NFKC').toLowerCase());

const letters = (text: string): string => words(text).join(' ');

const trigrams = (all: readonly string[]): Set<string> =>
  new Set(all.slice(2).map((word, index) => `${all[index]} ${all[index + 1]} ${word}`));

const count = <T>(all: readonly T[], counts: (one: T) => boolean): number =>
  all.filter(counts).length;

function sharesSubstring(
  line: string,
  { secret, open }: { secret: string; open: string },
): boolean {
  for (let start = 0; start + SUBSTRING <= line.length; start += 1) {
    const part = line.slice(start, start + SUBSTRING);
    if (secret.includes(part) && !open.includes(part) && !isVocabulary(part)) return true;
  }
  return false;
}

/** Only whole words of ours, apart from cut ones at its ends. */
const isVocabulary = (part: string): boolean => {
  const inner = part.split(' ').slice(1, -1);
  const all = [...KNOWN_WORDS];
  const [first = '', ...rest] = part.split(' ');
  const last = rest.at(-1) ?? first;
  return (
    inner.every((word) => KNOWN_WORDS.has(word)) &&
    all.some((word) => word.endsWith(first)) &&
    all.some((word) => word.startsWith(last))
  );
};
