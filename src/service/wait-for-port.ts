import { setTimeout as sleep } from 'node:timers/promises';
import { askHealth } from './health.ts';
import type { Launch } from './launch.ts';
import type { Address } from './ports.ts';
import { firstOpen } from './ports.ts';

/** Between two attempts to connect. */
const INTERVAL_MS = 40;
/** Between two questions about health, which a service may have to work for. */
const SHORTEST_MS = 100;
const LONGEST_MS = 1000;

/** Either it is healthy at an address, or what its health check last observed; `null` when nothing ever listened. */
export type Waited =
  | { readonly healthy: true; readonly address: Address }
  | { readonly healthy: false; readonly observed: string | null };

/**
 * Waits, with growing pauses between questions and within the budget, until one of the addresses is open and healthy. They are in
 * order of preference. Gives up at once when `over` aborts.
 */
export async function untilHealthy(
  addresses: readonly Address[],
  { health, budgetMs }: Pick<Launch, 'health' | 'budgetMs'>,
  over: AbortSignal,
): Promise<Waited> {
  const deadline = performance.now() + budgetMs;
  let observed: string | null = null;
  let pause = SHORTEST_MS;
  while (!over.aborted) {
    const left = deadline - performance.now();
    if (left <= 0) break;
    const address = await firstOpen(addresses);
    if (address === null) {
      await rest(Math.min(INTERVAL_MS, left), over);
      continue;
    }
    const answer = await askHealth(address, health);
    if (answer.healthy) return { healthy: true, address };
    observed = answer.observed;
    await rest(Math.min(pause, left), over);
    pause = Math.min(pause * 1.5, LONGEST_MS);
  }
  return { healthy: false, observed };
}

/** Sleeps, or until `over` aborts. */
async function rest(ms: number, over: AbortSignal): Promise<void> {
  // It rejects for no other reason.
  await sleep(ms, undefined, { signal: over }).catch(() => undefined);
}
