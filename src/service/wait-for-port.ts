import { setTimeout as sleep } from 'node:timers/promises';
import { askHealth } from './health.ts';
import type { Launch } from './launch.ts';
import type { Address } from './ports.ts';
import { isOpen } from './ports.ts';

const SHORTEST_MS = 100;
const LONGEST_MS = 1000;
const INTERVAL_MS = 40;

/** Either it is healthy at an address, or what its health check last observed; `null` when nothing ever listened. */
export type Waited =
  | { readonly healthy: true; readonly address: Address }
  | { readonly healthy: false; readonly observed: string | null };

/**
 * Waits, with growing pauses and within the budget, until one of the addresses is open and healthy. They are in order of preference.
 * Gives up soon after `over` aborts.
 */
export async function untilHealthy(
  addresses: readonly Address[],
  { health, budgetMs }: Pick<Launch, 'health' | 'budgetMs'>,
  over: AbortSignal,
): Promise<Waited> {
  const deadline = performance.now() + budgetMs;
  let observed: string | null = null;
  for (let pause = SHORTEST_MS; !over.aborted; pause = Math.min(pause * 1.5, LONGEST_MS)) {
    const left = deadline - performance.now();
    if (left <= 0) break;
    const address = await anyOpen(addresses, Math.max(1, Math.round(Math.min(pause, left))));
    if (address === null || over.aborted) continue;
    const answer = await askHealth(address, health);
    if (answer.healthy) return { healthy: true, address };
    observed = answer.observed;
    await sleep(Math.min(pause, left));
  }
  return { healthy: false, observed };
}

/** Short waits, one after the other: wait-on cannot be told to stop, and a service that ended must be noticed at once. */
async function anyOpen(addresses: readonly Address[], ms: number): Promise<Address | null> {
  const [first] = addresses;
  if (first?.connect !== undefined) return openByDoor(first, ms);
  // Loaded late: it is large, and most commands never start a service.
  const { default: waitOn } = await import('wait-on');
  const opened = addresses.map(({ host, port }) => {
    const resource = host.includes(':') ? `tcp:[${host}]:${port}` : `tcp:${host}:${port}`;
    return waitOn({ resources: [resource], timeout: ms, interval: INTERVAL_MS, tcpTimeout: 1000 });
  });
  const any = await Promise.any(opened).then(
    () => true,
    () => false,
  );
  if (!any) return null;
  for (const address of addresses) if (await isOpen(address)) return address;
  return null;
}

/** A door is always there; whether somebody is behind it, only asking tells. */
async function openByDoor(address: Address, ms: number): Promise<Address | null> {
  const deadline = performance.now() + ms;
  for (;;) {
    if (await isOpen(address)) return address;
    if (performance.now() >= deadline) return null;
    await sleep(INTERVAL_MS);
  }
}
