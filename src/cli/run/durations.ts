import type { Plan } from '../../domain/index.ts';
import type { Store } from '../../journal/index.ts';

/** So many earlier runs are looked at, the newest first. */
const RUNS = 3;

/** How long a code run of each unit took on average in the last runs of a spec, ms; what cannot be read tells nothing. */
function durationsOf(store: Store, spec: string): Record<string, number> {
  const found = store.runs(spec);
  const took = new Map<string, number[]>();
  for (const entry of found.ok ? found.value.slice(0, RUNS) : []) {
    const log = store.readRun(entry);
    for (const event of log.ok ? log.value.events : []) {
      if (event.type !== 'code.finished') continue;
      took.set(event.unit, [...(took.get(event.unit) ?? []), event.agent.ms]);
    }
  }
  return Object.fromEntries(
    [...took].map(([unit, all]) => [unit, all.reduce((sum, ms) => sum + ms, 0) / all.length]),
  );
}

/** A plan that knows what earlier runs tell of how long its units take. */
export function withDurations<T extends { readonly plan: Plan }>(store: Store, started: T): T {
  const expected = durationsOf(store, started.plan.spec);
  if (Object.keys(expected).length === 0) return started;
  return { ...started, plan: { ...started.plan, expected } };
}
