import { z } from 'zod';

/** What ended an agent that did not end by itself: it was silent and changed nothing, or used up its wall-clock time. */
export const Stuck = z.enum(['idle', 'wall']);
export type Stuck = z.infer<typeof Stuck>;

/** Agents in a row that were ended by one watchdog. */
export interface Watchdog {
  readonly kind: Stuck;
  readonly times: number;
}

/** So many in a row, and all agents of their provider pause; one more stops the run. */
export const PAUSES_AT = 2;
export const STOPS_AT = 3;

export const stuckWords = (kind: Stuck): string =>
  kind === 'idle' ? 'were silent and changed nothing' : 'used up their time';
