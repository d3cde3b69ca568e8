import type { RunFlags } from './settings.ts';

/** Flags about one call only: the next one is not helped by them. */
const ONCE: ReadonlySet<string> = new Set<keyof RunFlags>([
  'dryRun',
  'json',
  'acceptChanges',
  'fresh',
]);

/** Flags of `run` as words of a command line, for whoever calls it again. */
export const wordsOf = (flags: RunFlags): readonly string[] =>
  Object.entries(flags)
    .filter(([name, value]) => !ONCE.has(name) && value !== undefined)
    .flatMap(([name, value]) => {
      const flag = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      if (typeof value === 'boolean') return [value ? `--${flag}` : `--no-${flag}`];
      return [value].flat().flatMap((each) => [`--${flag}`, String(each)]);
    });
