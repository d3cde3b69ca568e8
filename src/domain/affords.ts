import type { Allotment, Budget } from './budget.ts';
import type { UnitId } from './manifest.ts';
import type { Charge, Purse } from './purse.ts';
import { chargeOf } from './records.ts';
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
  const { budget } = state.plan;
  if (budget === undefined || !isLimited(budget)) return null;
  let allotment: Allotment = { ...budget.agent };
  for (const pot of potsOf(state, budget, unit)) {
    const left = leftIn(pot, allotment);
    if ('short' in left) return left;
    allotment = left;
  }
  return allotment;
}

/** Whether the time of the run or the unit is used up, so that an agent that was ended for it is no fault. */
export function isOutOfTime(state: RunState, unit: UnitId): boolean {
  const { budget } = state.plan;
  if (budget === undefined) return false;
  return potsOf(state, budget, unit).some(
    ({ limits, used }) => limits.ms !== undefined && limits.ms - used.ms < SECOND,
  );
}

function potsOf(state: RunState, budget: Budget, unit: UnitId): readonly Pot[] {
  const { purse } = state;
  return [
    { name: 'the run', limits: budget.run, used: runCharge(purse), purse },
    { name: unit, limits: budget.unit, used: chargeOf(state, unit), purse, unit },
  ];
}

interface Pot {
  readonly name: string;
  readonly limits: Budget['run'];
  readonly used: Charge;
  readonly purse: Purse;
  /** Left out: of the whole run. */
  readonly unit?: UnitId;
}

const isLimited = ({ run, unit }: Budget): boolean =>
  [run, unit].some((limits) => Object.values(limits).some((limit) => limit !== undefined));

/** All that agents consumed, and the time that processes were at work. */
function runCharge({ total, clock }: Purse): Charge {
  return {
    ...total,
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
