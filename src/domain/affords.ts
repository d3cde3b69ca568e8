import type { Allotment, Budget } from './budget.ts';
import type { UnitId } from './manifest.ts';
import type { Charge, Purse } from './purse.ts';
import type { RunState } from './state.ts';

/** What keeps an agent from starting; one line for a person. */
export interface Shortage {
  readonly short: string;
}

/**
 * Whether a budget has room for the worst that one more agent for a unit can do. While others are at work, it must have room for a whole
 * one: what they leave of their share may be enough. With nobody at work, the agent gets what is left. Null: there is no budget.
 */
export function affords(state: RunState, unit: UnitId): Allotment | Shortage | null {
  const { purse, plan } = state;
  const { budget } = plan;
  if (budget === undefined || !isLimited(budget)) return null;
  let allotment: Allotment = { ...budget.agent };
  for (const pot of potsOf(purse, budget, unit)) {
    const left = leftIn(pot, allotment);
    if ('short' in left) return left;
    allotment = left;
  }
  return allotment;
}

/** Whether the time of the run or the unit is used up, so that an agent that was ended for it is no fault. */
export function isOutOfTime({ purse, plan: { budget } }: RunState, unit: UnitId): boolean {
  if (budget === undefined) return false;
  return potsOf(purse, budget, unit).some(
    ({ limits, used }) => limits.ms !== undefined && limits.ms - used.ms < SECOND,
  );
}

const potsOf = (purse: Purse, budget: Budget, unit: UnitId): readonly Pot[] => [
  { name: 'the run', limits: budget.run, used: runCharge(purse), purse },
  { name: unit, limits: budget.unit, used: purse.spent[unit] ?? NOTHING, purse, unit },
];

interface Pot {
  readonly name: string;
  readonly limits: Budget['run'];
  readonly used: Charge;
  readonly purse: Purse;
  /** Left out: of the whole run. */
  readonly unit?: UnitId;
}

const NOTHING: Charge = { usd: 0, tokens: 0, ms: 0 };

const isLimited = ({ run, unit }: Budget): boolean =>
  [run, unit].some((limits) => Object.values(limits).some((limit) => limit !== undefined));

/** All that agents consumed, and the time that processes were at work. */
function runCharge({ spent, clock }: Purse): Charge {
  const all = Object.values(spent);
  return {
    usd: all.reduce((sum, { usd }) => sum + usd, 0),
    tokens: all.reduce((sum, { tokens }) => sum + tokens, 0),
    ms: clock.before + Math.max(0, Date.parse(clock.at) - Date.parse(clock.since)),
  };
}

function leftIn({ name, limits, used, purse, unit }: Pot, share: Allotment): Allotment | Shortage {
  const held = Object.values(purse.reserved).filter(
    (each) => unit === undefined || each.unit === unit,
  );
  const busy = held.length > 0;
  let { usd, ms } = share;
  if (limits.usd !== undefined) {
    const left = limits.usd - used.usd - held.reduce((sum, each) => sum + each.usd, 0);
    if (left < CENT || (busy && (usd === null || left < usd)))
      return { short: `cost of ${name}: $${used.usd.toFixed(2)} of $${limits.usd.toFixed(2)}` };
    usd = Math.min(usd ?? left, left);
  }
  if (limits.tokens !== undefined) {
    const left = limits.tokens - used.tokens - held.length * purse.largest;
    if (left <= 0 || (busy && left < purse.largest))
      return { short: `tokens of ${name}: ${used.tokens} of ${limits.tokens}` };
  }
  if (limits.ms !== undefined) {
    const left = limits.ms - used.ms;
    if (left < SECOND)
      return { short: `time of ${name}: ${minutes(used.ms)} of ${minutes(limits.ms)} min` };
    ms = Math.min(ms, left);
  }
  return { usd, ms };
}

/** Less than this is no money to start anything with. */
const CENT = 0.01;
/** And less than this no time, ms. */
const SECOND = 1000;

const minutes = (ms: number): string => (ms / 60_000).toFixed(1);
