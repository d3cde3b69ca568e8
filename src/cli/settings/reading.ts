import { delimiter } from 'node:path';
import { z } from 'zod';
import { ServiceDeclaration, type Problem } from '../../domain/index.ts';
import { closest, issueText } from '../../manifest/index.ts';
import type { Kind } from './setting.ts';
import {
  PREFIX,
  SETTING_NAMES,
  SETTINGS,
  variableOf,
  type Said,
  type SettingName,
} from './table.ts';

/** What a value of a kind is, wherever it is said. */
export function schemaOf(of: Kind): z.ZodType {
  switch (of.kind) {
    case 'text':
      return z.string().min(1);
    case 'path':
      return ServiceDeclaration.shape.health.unwrap();
    case 'choice':
      return z.enum(of.words);
    case 'whole':
      return of.most === undefined ? z.int().min(of.least) : z.int().min(of.least).max(of.most);
    case 'amount':
      return z.number().positive();
    case 'toggle':
      return z.boolean();
    case 'list':
      return of.of === 'text'
        ? z.array(z.string().min(1))
        : ServiceDeclaration.shape.needs.unwrap();
    case 'names':
      return ServiceDeclaration.shape.env.unwrap();
  }
}

/** What one source says, and everything that is wrong with it. */
interface Reading {
  readonly said: Said;
  readonly faults: readonly Problem[];
}

/** Flags of a call as commander hands them over: text, texts, or a boolean for a switch. Others than settings are left alone. */
export function readFlags(flags: Readonly<Record<string, unknown>>): Reading {
  const given = SETTING_NAMES.filter((name) => flags[name] !== undefined);
  return readAll(
    given.map((name) => ({
      name,
      where: `--${SETTINGS[name].flag}`,
      words: [flags[name]].flat().map(String),
      remedy: 'Correct it, or leave it out; see `implement-factory run --help`.',
    })),
  );
}

/** What the environment says. What is empty is not set; a variable of ours that is none is a fault, as a misspelt flag is. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Reading {
  const known = new Map(SETTING_NAMES.map((name) => [variableOf(name), name]));
  const given = Object.entries(env).filter(
    ([variable, text = '']) => variable.startsWith(PREFIX) && text !== '',
  );
  const read = readAll(
    given.flatMap(([where, text = '']) => {
      const name = known.get(where);
      if (name === undefined) return [];
      const words = apart(SETTINGS[name].kind, text);
      return [{ name, where, words, remedy: 'Correct it, or take it out of the environment.' }];
    }),
  );
  const unknown = given.filter(([variable]) => !known.has(variable));
  return {
    said: read.said,
    faults: [...read.faults, ...unknown.map(([variable]) => unknownVariable(variable, known))],
  };
}

interface Spoken {
  readonly name: SettingName;
  readonly where: string;
  readonly words: readonly string[];
  readonly remedy: string;
}

function readAll(all: readonly Spoken[]): Reading {
  const said: Record<string, unknown> = {};
  const faults: Problem[] = [];
  for (const { name, where, words, remedy } of all) {
    const { kind } = SETTINGS[name];
    const parsed = schemaOf(kind).safeParse(meant(kind, words));
    if (parsed.success) said[name] = parsed.data;
    else
      faults.push({
        where,
        what: parsed.error.issues
          .map((issue) => issueText(told(kind, issue), words.at(-1)))
          .join(' '),
        remedy,
      });
  }
  return { said, faults };
}

/** Text where a whole number is wanted is told as such. */
const told = (of: Kind, issue: z.core.$ZodIssue): z.core.$ZodIssue =>
  of.kind === 'whole' && issue.code === 'invalid_type' ? { ...issue, expected: 'int' } : issue;

/** A list in one text: paths are parted as those of `PATH` are, variables by lines. */
function apart(of: Kind, text: string): readonly string[] {
  if (of.kind === 'names') return text.split('\n').filter((line) => line !== '');
  if (of.kind !== 'list') return [text];
  return text.split(of.separator === 'path' ? delimiter : ',').filter((each) => each !== '');
}

const SWITCH: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['1', 'true', 'yes', 'on'].map((word) => [word, true])),
  ...Object.fromEntries(['0', 'false', 'no', 'off'].map((word) => [word, false])),
};

/** What words say, still to be checked; what is no number stays the text that it is. */
function meant(of: Kind, words: readonly string[]): unknown {
  const last = words.at(-1) ?? '';
  switch (of.kind) {
    case 'whole':
    case 'amount':
      return last.trim() === '' || Number.isNaN(Number(last)) ? last : Number(last);
    case 'toggle':
      return SWITCH[last.toLowerCase()] ?? last;
    case 'list':
      return words;
    case 'names':
      return Object.fromEntries(words.map((word) => named(word)));
    case 'text':
    case 'path':
    case 'choice':
      return last.trim() === '' ? '' : last;
  }
}

function named(word: string): readonly [string, string] {
  const at = word.indexOf('=');
  return at === -1 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
}

function unknownVariable(variable: string, known: ReadonlyMap<string, unknown>): Problem {
  const near = closest(variable, [...known.keys()]);
  return {
    where: variable,
    what: 'There is no setting of this name.',
    remedy:
      near === null
        ? 'Take it out of the environment; `implement-factory config` shows every setting.'
        : `Did you mean ${near}?`,
  };
}
