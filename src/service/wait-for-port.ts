import { setTimeout as sleep } from 'node:timers/promises';
import { askHealth } from './health.ts';
import type { Launch } from './launch.ts';
import type { Address } from './ports.ts';
import { addressesOf, openAddress } from './ports.ts';

const SHORTEST_MS = 100;
const LONGEST_MS = 1000;

/** Either it is healthy at an address, or what its health check last observed; `null` when nothing ever listened. */
export type Waited =
  | { readonly healthy: true; readonly address: Address }
  | { readonly healthy: false; readonly observed: string | null };

/**
 * Waits, with growing pauses and within the budget, until one of the ports is open and healthy there. Ports are in order of
 * preference. Gives up soon after `over` aborts.
 */
export async function untilHealthy(
  ports: readonly number[],
  { health, budgetMs }: Pick<Launch, 'health' | 'budgetMs'>,
  over: AbortSignal,
): Promise<Waited> {
  const deadline = performance.now() + budgetMs;
  let observed: string | null = null;
  for (let pause = SHORTEST_MS; !over.aborted; pause = Math.min(pause * 1.5, LONGEST_MS)) {
    const left = deadline - performance.now();
    if (left <= 0) break;
    const address = await anyOpen(ports, Math.max(1, Math.round(Math.min(pause, left))));
    if (address === null || over.aborted) continue;
    const answer = await askHealth(address, health);
    if (answer.healthy) return { healthy: true, address };
    observed = answer.observed;
    await sleep(Math.min(pause, left));
  }
  return { healthy: false, observed };
}

/** Short waits, one after the other: wait-on cannot be told to stop, and a service that ended must be noticed at once. */
async function anyOpen(ports: readonly number[], ms: number): Promise<Address | null> {
  // Loaded late: it is large, and most commands never start a service.
  const { default: waitOn } = await import('wait-on');
  const opened = ports.flatMap(addressesOf).map(({ host, port }) => {
    const resource = host.includes(':') ? `tcp:[${host}]:${port}` : `tcp:${host}:${port}`;
    return waitOn({ resources: [resource], timeout: ms, interval: 40, tcpTimeout: 1000 });
  });
  const any = await Promise.any(opened).then(
    () => true,
    () => false,
  );
  if (!any) return null;
  for (const port of ports) {
    const address = await openAddress(port);
    if (address !== null) return address;
  }
  return null;
}
