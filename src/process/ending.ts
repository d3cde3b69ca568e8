import { signalGroup } from './group.ts';
import type { Exit, SpawnPlan } from './plan.ts';
import { signalTree } from './tree.ts';

export type StopCause = Extract<Exit['cause'], 'idle' | 'wall' | 'flood' | 'stopped'>;

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Graceful signal to a group, kill after the grace period; remembers who asked first. */
export class Ending {
  #cause: StopCause | undefined;
  #killer: NodeJS.Timeout | undefined;
  #over = false;
  readonly #leader: number;
  readonly #graceMs: number;

  constructor(leader: number, graceMs: number) {
    this.#leader = leader;
    this.#graceMs = graceMs;
  }

  /** Why the process was ended; undefined when it ended by itself. */
  get cause(): StopCause | undefined {
    return this.#cause;
  }

  begin(cause: StopCause): void {
    if (this.#over || this.#cause !== undefined) return;
    this.#cause = cause;
    this.#signal('SIGTERM');
    this.#killer = setTimeout(() => this.#signal('SIGKILL'), this.#graceMs);
  }

  /** The leader is gone: from here on its pid may be somebody else's. */
  over(): void {
    this.#over = true;
    clearTimeout(this.#killer);
  }

  #signal(name: NodeJS.Signals): void {
    signalTree(this.#leader, name);
    signalGroup(this.#leader, name);
  }
}

/** The timers of a plan. `alive` postpones the idle one. */
export function startTimers(
  limits: NonNullable<SpawnPlan['limits']>,
  expire: (cause: 'idle' | 'wall') => void,
): { alive(): void; clear(): void } {
  const timer = (cause: 'idle' | 'wall', ms: number | undefined) =>
    ms === undefined ? undefined : setTimeout(expire, Math.min(ms, LONGEST_TIMER_MS), cause);
  const idle = timer('idle', limits.idleMs);
  const wall = timer('wall', limits.wallMs);
  return {
    alive: () => idle?.refresh(),
    clear: () => {
      clearTimeout(idle);
      clearTimeout(wall);
    },
  };
}
