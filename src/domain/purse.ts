import type { UnitId } from './manifest.ts';

/** What was consumed: USD, tokens, agents' working time in ms. */
export interface Charge {
  readonly usd: number;
  readonly tokens: number;
  readonly ms: number;
}

/** The worst that an agent at work can cost, held back until it is known what it did. */
interface Reservation {
  readonly unit: UnitId;
  readonly usd: number;
}

/** What budgets are measured by. A cost that nobody knows is charged at its worst. */
export interface Purse {
  /** By the unit's position in the plan. */
  readonly spent: readonly Charge[];
  /** All of it, with agents of no unit. */
  readonly total: Charge;
  /** Of agents at work, by operation and unit. */
  readonly reserved: Readonly<Record<string, Reservation>>;
  /** Most tokens that one operation took so far. */
  readonly largest: number;
  /** `before`: ms that earlier processes were at work; `since`: when this one began; `at`: the last event. */
  readonly clock: { readonly before: number; readonly since: string; readonly at: string };
}

/** Nothing yet. */
const NOTHING: Charge = { usd: 0, tokens: 0, ms: 0 };

export const newPurse = (at: string, units: number): Purse => ({
  spent: Array.from({ length: units }, () => NOTHING),
  total: NOTHING,
  reserved: {},
  largest: 0,
  clock: { before: 0, since: at, at },
});
