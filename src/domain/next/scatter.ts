import type { RunState } from '../state.ts';

/**
 * Deciding is pure, and what waits for one thing must not come back all at once: 0 to 1, from the commit the run began with and what is
 * waited for.
 */
export function scatter({ base }: RunState, what: string): number {
  let mixed = 7;
  for (const letter of `${base}${what}`) mixed = (mixed * 31 + letter.charCodeAt(0)) % 997;
  return mixed / 997;
}
