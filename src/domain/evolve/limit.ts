import type { AgentReport } from '../agent.ts';
import type { RunFact } from '../event.ts';
import { PAUSES_AT, type Watchdog } from '../watchdog.ts';
import { providerOf, type ProviderLimit, type ProviderLimits } from '../limit.ts';

/** The limits after an event: an agent that was refused makes one, one that was not takes it away. So does a row of agents that got stuck. */
export function evolveLimits(
  limits: ProviderLimits,
  event: RunFact,
  rows: { readonly before: Watchdog | null; readonly now: Watchdog | null },
): ProviderLimits {
  switch (event.type) {
    case 'limit.waiting':
      return moved(limits, event.provider, { phase: 'waiting', wait: event.until });
    case 'limit.lifted':
      return moved(limits, event.provider, { phase: 'over' });
    case 'run.resumed':
      // The process that waited is gone.
      return Object.keys(limits).reduce(
        (all, name) => (all[name]?.phase === 'waiting' ? moved(all, name, { phase: 'due' }) : all),
        limits,
      );
    default:
      if (!('agent' in event) || !event.agent) return limits;
      return rows.now !== null && rows.now !== rows.before && rows.now.times >= PAUSES_AT
        ? paused(limits, event.agent, rows.now)
        : heard(limits, event.agent);
  }
}

function heard(limits: ProviderLimits, { agent, limited }: AgentReport): ProviderLimits {
  const name = providerOf(agent);
  const was = limits[name];
  if (limited === undefined) return was?.phase === 'over' ? without(limits, name) : limits;
  // Several agents meet one limit at about the same time.
  if (was !== undefined && was.phase !== 'over') return limits;
  return { ...limits, [name]: { ...limited, phase: 'due', times: (was?.times ?? 0) + 1 } };
}

function without(limits: ProviderLimits, name: string): ProviderLimits {
  const { [name]: _, ...others } = limits;
  return others;
}

function paused(
  limits: ProviderLimits,
  { agent }: AgentReport,
  { kind }: Watchdog,
): ProviderLimits {
  return { ...limits, [providerOf(agent)]: { until: null, phase: 'due', times: 1, why: kind } };
}

function moved(
  limits: ProviderLimits,
  name: string,
  to: Pick<ProviderLimit, 'phase' | 'wait'>,
): ProviderLimits {
  const was = limits[name];
  if (was === undefined) return limits;
  const { wait: _, ...rest } = was;
  return { ...limits, [name]: { ...rest, ...to } };
}
