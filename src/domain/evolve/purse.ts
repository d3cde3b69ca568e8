import { affords } from '../affords.ts';
import type { AgentReport } from '../agent.ts';
import type { RunEvent } from '../event.ts';
import { inFlight } from '../in-flight.ts';
import type { UnitId } from '../manifest.ts';
import { isLimited } from '../next/limit.ts';
import type { Charge, Purse } from '../purse.ts';
import { openQuestions } from '../questions.ts';
import type { RunState } from '../state.ts';

/** The purse after an event, which `before` has not taken in yet. */
export function evolvePurse(before: RunState, event: RunEvent): Purse {
  const purse = ticked(before, event);
  const account = { index: before.index, purse };
  switch (event.type) {
    case 'code.started':
      return reserve(before, purse, ['code', event.unit]);
    case 'checks.started':
      return reserve(before, purse, ['checks', event.unit]);
    case 'opinion.started':
      return reserve(before, purse, ['opinion', event.unit]);
    case 'evaluation.started':
      return before.plan.evaluation === 'report'
        ? reserve(before, purse, ['evaluation', event.unit])
        : purse;
    case 'code.finished':
      return reconcile(account, ['code', event.unit], event.agent);
    case 'checks.finished':
      return reconcile(account, ['checks', event.unit], event.agent);
    case 'opinion.finished':
      return reconcile(account, ['opinion', event.unit], event.agent);
    case 'evaluation.finished':
      return reconcile(account, ['evaluation', event.unit], event.agent);
    case 'infra.failed':
    case 'run.tripped':
      return reconcile(account, [event.operation ?? '', event.unit ?? ''], event.agent ?? null);
    case 'gate.finished':
      return event.agents.reduce(
        (sum, agent) => reconcile({ ...account, purse: sum }, ['gate', ''], agent),
        purse,
      );
    case 'run.resumed':
      return forfeited(account);
    default:
      return purse;
  }
}

/** A purse, and where in it each unit's part is. */
type Account = Pick<RunState, 'index' | 'purse'>;

function ticked(state: RunState, event: RunEvent): Purse {
  const { purse } = state;
  const { type, at, jumped = 0 } = event;
  const { before, since, at: last } = purse.clock;
  if (type === 'run.resumed') {
    const worked = Math.max(0, Date.parse(last) - Date.parse(since));
    return { ...purse, clock: { before: before + worked, since: at, at } };
  }
  const idle = isWaiting(state, event) ? Date.parse(at) - Date.parse(last) : jumped;
  // Taken up before the run is resumed: nobody knows until when the last process worked.
  if (idle === 0 && type === 'decision.made' && event.by === 'decide') return purse;
  const from = idle === 0 ? since : new Date(Date.parse(since) + idle).toISOString();
  return { ...purse, clock: { before, since: from, at } };
}

/** Whether all that happened since the last event is that a person was waited for; asked only of events that end such a wait. */
const isWaiting = (state: RunState, { type }: RunEvent): boolean =>
  WAKING.has(type) &&
  !inFlight(state) &&
  !isLimited(state) &&
  openQuestions(state).some(({ asked }) => asked);

const WAKING: ReadonlySet<RunEvent['type']> = new Set([
  'decision.made',
  'run.noted',
  'run.paused',
  'run.stopped',
]);

type Key = readonly [operation: string, unit: string];

function reserve(state: RunState, purse: Purse, [operation, unit]: [string, UnitId]): Purse {
  const allotment = affords(state, unit);
  const cap = state.plan.budget?.agent.usd ?? 0;
  const usd = allotment !== null && 'usd' in allotment ? (allotment.usd ?? 0) : cap;
  const key = `${operation}:${unit}`;
  return { ...purse, reserved: { ...purse.reserved, [key]: { unit, usd } } };
}

/** An agent ended, or an operation without ever having asked one. */
function reconcile(account: Account, [operation, unit]: Key, agent: AgentReport | null): Purse {
  const { purse } = account;
  const key = `${operation}:${unit}`;
  const { [key]: held, ...reserved } = purse.reserved;
  if (agent === null) return held === undefined ? purse : { ...purse, reserved };
  const { costUsd, inputTokens, outputTokens } = agent.usage;
  const known = inputTokens !== null || outputTokens !== null;
  const tokens = known ? (inputTokens ?? 0) + (outputTokens ?? 0) : purse.largest;
  const charge = { usd: costUsd ?? held?.usd ?? 0, tokens, ms: agent.ms };
  return {
    ...charged(account, unit, charge),
    reserved,
    largest: Math.max(purse.largest, tokens),
  };
}

/** A process died with agents at work: nobody will ever know what they cost, so it is the worst. */
function forfeited({ index, purse }: Account): Purse {
  const held = Object.values(purse.reserved);
  const all = held.reduce((sum, { unit, usd }) => {
    const worst = { usd, tokens: sum.largest, ms: 0 };
    return charged({ index, purse: sum }, unit, worst);
  }, purse);
  return { ...all, reserved: {} };
}

/** A charge of no unit is one of the run alone. */
function charged({ index, purse }: Account, unit: string, charge: Charge): Purse {
  const total = plus(purse.total, charge);
  const at = index[unit];
  if (at === undefined) return { ...purse, total };
  return { ...purse, total, spent: purse.spent.with(at, plus(purse.spent[at], charge)) };
}

const plus = (was: Charge | undefined, { usd, tokens, ms }: Charge): Charge => ({
  usd: (was?.usd ?? 0) + usd,
  tokens: (was?.tokens ?? 0) + tokens,
  ms: (was?.ms ?? 0) + ms,
});
