import type { z } from 'zod';

/** What a value of this type is called by people; `found` is quoted as they wrote it. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'text (in quotes, if YAML reads it as something else)',
  number: 'a number',
  int: 'a whole number',
  boolean: '`true` or `false`',
  array: 'a list',
  object: 'a block of `key: value` lines',
  record: 'a block of `key: value` lines',
};

/** What is wrong with a value of a settings file, in a person's words: a whole sentence. */
export function issueText(issue: z.core.$ZodIssue, value: unknown): string {
  const wanted = wantedBy(issue);
  if (value === undefined) return `It is missing: ${wanted} is needed here.`;
  return value === null
    ? `Expected ${wanted}, but nothing is there.`
    : `Expected ${wanted}, found ${found(value)}.`;
}

function wantedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return KINDS[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return alternatives(issue.values.map((each) => `\`${String(each)}\``));
    case 'too_small':
      if (issue.origin === 'string') return 'some text';
      return `a number ${issue.inclusive === false ? 'above' : 'of at least'} ${issue.minimum}`;
    case 'too_big':
      return `a number of at most ${issue.maximum}`;
    case 'invalid_format':
      return 'prefix' in issue ? `text that begins with \`${String(issue.prefix)}\`` : 'other text';
    default:
      return 'something else';
  }
}

const alternatives = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

const LONGEST = 60;

function found(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a block';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `\`${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}\``;
}

/** What is at a path of plain data; undefined where there is nothing. */
export function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
