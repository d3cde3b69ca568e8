/** What a setting may be, as data: whoever only lists the flags needs no parser for it. */
export type Kind =
  | { readonly kind: 'text' }
  /** A path of a URL. */
  | { readonly kind: 'path' }
  /** One of a few words. */
  | { readonly kind: 'choice'; readonly words: readonly [string, ...string[]] }
  | { readonly kind: 'whole'; readonly least: number; readonly most?: number }
  /** A positive number. */
  | { readonly kind: 'amount' }
  /** On or off: `--flag`, `--no-flag`. */
  | { readonly kind: 'toggle' }
  /** The flag is given once for each; lists of several sources add up. `needs`: ports as `tcp:<port>`. */
  | { readonly kind: 'list'; readonly of: 'text' | 'needs'; readonly separator: 'comma' | 'path' }
  /** Variables: `NAME=value` for each. */
  | { readonly kind: 'names' };

/**
 * One value that a run works by: a flag, an environment variable and a key of `.start/factory.yaml` alike. `T` is what each of them may
 * say, `F` what holds when none does.
 */
export interface Setting<T, F extends T | null = T | null> {
  /** In the file; `service.` before those of its block. */
  readonly key: string;
  /** Without dashes. */
  readonly flag: string;
  /** What stands after the flag, as `<n>`; null for a switch. */
  readonly hint: string | null;
  /** For `--help`, the schema and the docs. */
  readonly about: string;
  readonly fallback: F;
  /** What holds where there is no fallback, in words. */
  readonly otherwise: string;
  readonly kind: Kind;
  /** Never there: it tells the type of the value to whoever asks for it. */
  readonly type?: T;
}

interface Naming {
  readonly flag?: string;
  readonly hint?: string;
  readonly about: string;
  readonly otherwise?: string;
}

/** Makes settings of a kind; the fallback may be left out. */
function kind<T>(of: Kind, usual: string | null) {
  function setting(key: string, naming: Naming): Setting<T, null>;
  function setting(key: string, naming: Naming, fallback: T & {}): Setting<T, T & {}>;
  function setting(key: string, naming: Naming, fallback: T | null = null): Setting<T> {
    const flag = key.replace(/^service\./, '').replaceAll('_', '-');
    return { flag, hint: usual, otherwise: 'none', ...naming, key, fallback, kind: of };
  }
  return setting;
}

export const text = kind<string>({ kind: 'text' }, '<text>');
export const path = kind<string>({ kind: 'path' }, '<path>');
export const toggle = kind<boolean>({ kind: 'toggle' }, null);
export const list = kind<readonly string[]>(
  { kind: 'list', of: 'text', separator: 'comma' },
  '<text>',
);
export const paths = kind<readonly string[]>(
  { kind: 'list', of: 'text', separator: 'path' },
  '<path>',
);
export const needs = kind<readonly string[]>(
  { kind: 'list', of: 'needs', separator: 'comma' },
  '<tcp:port>',
);
export const names = kind<Readonly<Record<string, string>>>({ kind: 'names' }, '<NAME=value>');
export const choice = <const T extends string>(...words: readonly [T, ...T[]]) =>
  kind<T>({ kind: 'choice', words }, `<${words.join('|')}>`);
export const whole = (least: number, most?: number) =>
  kind<number>({ kind: 'whole', least, ...(most !== undefined && { most }) }, '<n>');
/** In a unit, which is its hint. */
export const amount = (unit: string) => kind<number>({ kind: 'amount' }, `<${unit}>`);
