import type { Exit, Route, Running, Sandbox } from '../process/index.ts';
import { spawn } from '../process/index.ts';
import type { Fault } from './blame.ts';
import { blame } from './blame.ts';
import type { Health } from './health.ts';
import { askHealth } from './health.ts';
import type { Launch } from './launch.ts';
import { shellCommand } from './launch.ts';
import type { ServiceLog } from './log.ts';
import type { Door } from './options.ts';
import type { Address } from './ports.ts';
import { addressesOf, holderOf, openAddress } from './ports.ts';
import { untilHealthy } from './wait-for-port.ts';

/** A service that was healthy once. */
export interface Instance {
  readonly address: Address;
  /** Asks once more. */
  health(): Promise<Health>;
  /** Ends it and everything it started. Idempotent. */
  stop(): Promise<void>;
}

export type Start = { readonly kind: 'up'; readonly instance: Instance } | Fault;

export interface StartPlan {
  readonly launch: Launch;
  readonly dir: string;
  /** What else its programs must see. */
  readonly read: readonly string[];
  /** Free port, given as `PORT`. */
  readonly port: number;
  /** The way to that port where the service has a network of its own; null where it has not. */
  readonly door: Door | null;
  /** Ways out of that network. */
  readonly routes: readonly Route[];
  readonly environment: Readonly<Record<string, string>>;
  readonly sandbox: Sandbox;
  readonly marker: string;
  readonly log: ServiceLog;
  readonly graceMs?: number;
}

/**
 * Starts the command and waits until it is healthy, ends, or uses up its budget. On every outcome but `up` nothing is left
 * running.
 */
export async function startInstance(plan: StartPlan, signal: AbortSignal): Promise<Start> {
  const { launch, log, port } = plan;
  const { addresses, holder } = await addressesFor(plan);

  log.line('factory', `${launch.command} (PORT=${port})`);
  const running = spawnService(plan, signal);
  const over = new AbortController();
  void running.ended.then((exit) => {
    log.line('factory', exit.summary);
    over.abort();
  });
  const waiting = untilHealthy(addresses, launch, over.signal);
  const waited = await Promise.race([waiting, running.ended.then(() => null)]);
  if (waited?.healthy === true && !signal.aborted && !over.signal.aborted) {
    return { kind: 'up', instance: instanceOf(waited.address, launch, running) };
  }
  const exit = await running.stop();
  if (signal.aborted) return { kind: 'infra', detail: 'the start of the service was interrupted' };
  const observed = waited?.healthy === false ? waited.observed : null;
  const alone = plan.door !== null;
  return blame({ launch, port, alone, holder, exit, early: exit.cause !== 'stopped', observed });
}

/** Where it may listen, the best first, and who already holds the port that it may insist on. */
async function addressesFor({
  launch,
  port,
  door,
}: StartPlan): Promise<{ addresses: readonly Address[]; holder: string | null }> {
  if (door !== null) {
    return { addresses: [{ host: '127.0.0.1', port, connect: door.connect }], holder: null };
  }
  const insisted = launch.port === port ? null : launch.port;
  const taken = insisted === null ? null : await openAddress(insisted);
  const ports = insisted === null || taken !== null ? [port] : [port, insisted];
  const holder = taken === null ? null : await holderOf(taken.port);
  return { addresses: ports.flatMap(addressesOf), holder };
}

function spawnService(plan: StartPlan, signal: AbortSignal): Running {
  const { dir, door, graceMs, read, routes } = plan;
  return spawn(
    {
      label: 'service',
      command: shellCommand(plan.launch.command),
      cwd: dir,
      env: { ...plan.environment, ...plan.launch.env, PORT: String(plan.port) },
      view: {
        read,
        write: [dir],
        routes: door === null ? routes : [...routes, door.route],
      },
      sweep: true,
      marker: plan.marker,
      // A service may write as long as it likes; its log has a cap of its own.
      limits: {
        floodBytes: Infinity,
        keepBytes: 64 * 1024,
        ...(graceMs !== undefined && { graceMs }),
      },
    },
    plan.sandbox,
    { signal, onLine: (_, line) => plan.log.line('service', line) },
  );
}

function instanceOf(address: Address, launch: Launch, running: Running): Instance {
  let end: Exit | null = null;
  void running.ended.then((exit) => {
    end = exit;
  });
  return {
    address,
    health: async () =>
      end === null
        ? askHealth(address, launch.health)
        : { healthy: false, observed: 'could not connect' },
    stop: async () => {
      await running.stop();
    },
  };
}
