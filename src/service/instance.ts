import type { Exit, Running, Sandbox } from '../process/index.ts';
import { spawn } from '../process/index.ts';
import type { Fault } from './blame.ts';
import { blame } from './blame.ts';
import type { Health } from './health.ts';
import { askHealth } from './health.ts';
import type { Launch } from './launch.ts';
import { shellCommand } from './launch.ts';
import type { ServiceLog } from './log.ts';
import type { Address } from './ports.ts';
import { holderOf, openAddress } from './ports.ts';
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
  /** Free port, given as `PORT`. */
  readonly port: number;
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
  const insisted = launch.port === port ? null : launch.port;
  const taken = insisted === null ? null : await openAddress(insisted);
  const holder = taken === null ? null : await holderOf(taken.port);

  log.line('factory', `${launch.command} (PORT=${port})`);
  const running = spawnService(plan, signal);
  const over = new AbortController();
  void running.ended.then((exit) => {
    log.line('factory', exit.summary);
    over.abort();
  });
  const ports = insisted === null || taken !== null ? [port] : [port, insisted];
  const waiting = untilHealthy(ports, launch, over.signal);
  const waited = await Promise.race([waiting, running.ended.then(() => null)]);
  if (waited?.healthy === true && !signal.aborted && !over.signal.aborted) {
    return { kind: 'up', instance: instanceOf(waited.address, launch, running) };
  }
  const exit = await running.stop();
  if (signal.aborted) return { kind: 'infra', detail: 'the start of the service was interrupted' };
  const observed = waited?.healthy === false ? waited.observed : null;
  return blame({ launch, port, holder, exit, early: exit.cause !== 'stopped', observed });
}

function spawnService(plan: StartPlan, signal: AbortSignal): Running {
  const { graceMs } = plan;
  return spawn(
    {
      label: 'service',
      command: shellCommand(plan.launch.command),
      cwd: plan.dir,
      env: { ...plan.environment, ...plan.launch.env, PORT: String(plan.port) },
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
