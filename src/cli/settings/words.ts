import { SETTING_NAMES, SETTINGS, type Said } from './table.ts';

/** Flags as words of a command line, for whoever calls it again; those about one call only are none of them. */
export const wordsOf = (said: Said): readonly string[] =>
  SETTING_NAMES.flatMap((name) => {
    const value = said[name];
    if (value === undefined) return [];
    const { flag } = SETTINGS[name];
    if (typeof value === 'boolean') return [value ? `--${flag}` : `--no-${flag}`];
    return textsOf(value).flatMap((text) => [`--${flag}`, text]);
  });

/** A value as flags say it. */
export function textsOf(value: NonNullable<Said[keyof Said]>): readonly string[] {
  if (typeof value !== 'object') return [String(value)];
  return isList(value) ? value : Object.entries(value).map(([name, text]) => `${name}=${text}`);
}

const isList = (value: object): value is readonly string[] => Array.isArray(value);
