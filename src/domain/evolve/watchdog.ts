import type { AgentReport } from '../agent.ts';
import { isOutOfTime } from '../affords.ts';
import type { RunFact } from '../event.ts';
import { providerOf } from '../limit.ts';
import type { Purse } from '../purse.ts';
import type { RunState } from '../state.ts';
import type { Watchdog } from '../watchdog.ts';

/**
 * Agents in a row that one watchdog ended, after an event that `state` has not taken in and that left `purse`. An agent that ends otherwise
 * begins a new row; those that are ended while their provider is waited for anyway show nothing new.
 */
export function evolveWatchdog(state: RunState, event: RunFact, purse: Purse): Watchdog | null {
  if (event.type === 'run.resumed') return null;
  const agent = 'agent' in event ? (event.agent ?? null) : null;
  if (agent === null || agent.limited !== undefined) return state.watchdog;
  const { stuck } = agent;
  if (stuck === undefined) return null;
  if (isSpent({ ...state, purse }, event) || isHeld(state, agent)) return state.watchdog;
  return { kind: stuck, times: state.watchdog?.kind === stuck ? state.watchdog.times + 1 : 1 };
}

const isHeld = ({ limits }: RunState, { agent }: AgentReport): boolean =>
  (limits[providerOf(agent)]?.phase ?? 'over') !== 'over';

/** Whether what ended an agent is a budget and not a fault: there is no time left to send another one out with. */
export function isSpent(state: RunState, event: RunFact): boolean {
  if (!('agent' in event) || event.agent?.stuck === undefined) return false;
  if (!('unit' in event) || event.unit === undefined || event.unit === null) return false;
  return isOutOfTime(state, event.unit);
}
