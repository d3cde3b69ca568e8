import { stripVTControlCharacters } from 'node:util';
import type { Spend, Tally } from '../domain/index.ts';

/**
 * Text that came from outside (an agent, a product, a file) as one harmless line: no escape sequence of it may move the
 * cursor or hide a line in somebody's terminal or log.
 */
export const oneLine = (text: string): string =>
  stripVTControlCharacters(text)
    .replaceAll(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim();

/** 0.899 → `89%`: rounded down, so that nothing below a threshold ever reads as if it had reached it. */
export const percent = (share: number): string => `${String(Math.floor(share * 100 + 1e-9))}%`;

/** `1 unit`, `2 units`. */
export const count = (number: number, noun: string): string =>
  `${String(number)} ${noun}${number === 1 ? '' : 's'}`;

/** `3 passed, 2 failed, 0 inconclusive`. */
export const tallied = ({ passed, failed, inconclusive }: Tally): string =>
  `${String(passed)} passed, ${String(failed)} failed, ${String(inconclusive)} inconclusive`;

/** What agents cost; what nobody knows is called unknown and never counts as nothing. */
export function cost({ usd, unknownRuns }: Pick<Spend, 'usd' | 'unknownRuns'>): string {
  const known = `$${usd.toFixed(2)}`;
  if (unknownRuns === 0) return known;
  return usd === 0 ? 'unknown' : `${known} + unknown (${count(unknownRuns, 'run')})`;
}

/** Sums what several units consumed. */
export const total = (spends: readonly Spend[]): Pick<Spend, 'usd' | 'unknownRuns'> => ({
  usd: spends.reduce((sum, { usd }) => sum + usd, 0),
  unknownRuns: spends.reduce((sum, { unknownRuns }) => sum + unknownRuns, 0),
});

/** 62000 ms → `1:02`, with hours `1:02:03`. */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (number: number) => String(number).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours === 0
    ? `${String(minutes)}:${two(seconds % 60)}`
    : `${String(hours)}:${two(minutes)}:${two(seconds % 60)}`;
}

/** `a, b, c and 4 more`. */
export function listed(items: readonly string[], most = 5): string {
  const more = items.length - most;
  return more > 0
    ? `${items.slice(0, most).join(', ')} and ${String(more)} more`
    : items.join(', ');
}

/** An argument as a POSIX shell takes it, for commands people copy. */
export const quoted = (argument: string): string =>
  /^[\p{L}\p{N}._/:@%+=-]+$/u.test(argument)
    ? argument
    : `'${argument.replaceAll("'", String.raw`'\''`)}'`;

/** A commit as people read it. */
export const short = (commit: string): string => commit.slice(0, 10);

/** A line that belongs to the one above it. */
export const indented = (text: string): string => `    ${oneLine(text)}`;
