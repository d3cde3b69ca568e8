import type { Command } from '../command.ts';
import { providerOf, type ProviderLimit } from '../limit.ts';
import { scatter } from './scatter.ts';
import type { RunState } from '../state.ts';

/** One wait for each limit that was met and is not waited for yet. */
export const limitWaits = (state: RunState): readonly Command[] =>
  Object.entries(state.limits).flatMap(([provider, limit]): Command[] => {
    if (limit.phase !== 'due') return [];
    const delayMs = pauseOf(state, limit);
    const until = new Date(nowOf(state) + delayMs).toISOString();
    const why = limit.why === undefined ? {} : { why: limit.why };
    return [{ do: 'await limit', provider, until, ...why, delayMs }];
  });

/** Whether a wait is going on. Nothing that is left to do without agents waits for it. */
export const isLimited = ({ limits }: RunState): boolean =>
  Object.values(limits).some(({ phase }) => phase !== 'over');

/** Those commands whose agents a provider takes, as far as it is known. */
export function* unlimited(state: RunState, commands: Iterable<Command>): Iterable<Command> {
  for (const command of commands) {
    const agent = agentFor(state, command);
    // A journal that does not tell who works is taken to mean everybody.
    const held =
      agent === undefined
        ? isLimited(state)
        : agent !== null && (state.limits[providerOf(agent)]?.phase ?? 'over') !== 'over';
    if (!held) yield command;
  }
}

/** Who would work at a command; null for nobody. A gate may ask a judge. */
function agentFor({ plan }: RunState, command: Command): string | null | undefined {
  switch (command.do) {
    case 'code':
      return plan.agents?.code;
    case 'compile checks':
    case 'second opinion':
    case 'gate':
      return plan.agents?.evaluation;
    case 'evaluate':
      return plan.evaluation === 'report' ? plan.agents?.evaluation : null;
    default:
      return null;
  }
}

/**
 * Until the provider's word plus a little; or 60, 240 … times the backoff, an hour at most, when it gave none. A word that was kept and led
 * to nothing is waited on for longer each time, and one about a day that no limit lasts to is a mistake, not a word.
 */
function pauseOf(state: RunState, { until, times }: ProviderLimit): number {
  const { backoffMs } = state.plan.infra;
  const growing = Math.min(HOUR, backoffMs * 4 ** (times - 1));
  const unsaid = Math.min(HOUR, 60 * growing);
  const said = until === null ? Number.NaN : Date.parse(until) - nowOf(state);
  const pause = said <= LONGEST ? Math.max(said, growing) : unsaid;
  return Math.round(pause + scatter(state, 'limit') * Math.min(MINUTE, pause / 10 + 1000));
}

/** Providers count by the week at most. Timers of Node.js end at 24 days. */
const LONGEST = 14 * 24 * 60 * 60_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** When the last event happened, which is when this is decided. */
const nowOf = ({ purse }: RunState): number => Date.parse(purse.clock.at);
