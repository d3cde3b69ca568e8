import type { Hold } from './hold.ts';
import type { Exit, SpawnPlan } from './plan.ts';

export type StopCause = Extract<Exit['cause'], 'idle' | 'wall' | 'flood' | 'stopped'>;

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Graceful signal, kill after the grace period; remembers who asked first. */
export class Ending {
  #cause: StopCause | undefined;
  #killer: NodeJS.Timeout | undefined;
  #over = false;
  readonly #hold: Hold;
  readonly #graceMs: number;

  constructor(hold: Hold, graceMs: number) {
    this.#hold = hold;
    this.#graceMs = graceMs;
  }

  /** Why the process was ended; undefined when it ended by itself. */
  get cause(): StopCause | undefined {
    return this.#cause;
  }

  begin(cause: StopCause): void {
    if (this.#over || this.#cause !== undefined) return;
    this.#cause = cause;
    this.#hold.terminate();
    this.#killer = setTimeout(() => this.#hold.kill(), this.#graceMs);
  }

  /** The process is gone: from here on its pid may be somebody else's. */
  over(): void {
    this.#over = true;
    clearTimeout(this.#killer);
  }
}

/** What runs out for a process. */
export interface Timers {
  /** It has shown life: the idle timer begins anew. */
  alive(): void;
  /** The wall clock stands still. */
  pause(): void;
  /** The wall clock begins anew. */
  restart(): void;
  clear(): void;
}

/** The timers of a plan. `alive` postpones the idle one; so does a process that `stirs` when it is silent. */
export function startTimers(
  limits: NonNullable<SpawnPlan['limits']>,
  expire: (cause: 'idle' | 'wall') => void,
  stirs: () => Promise<boolean> = () => Promise.resolve(false),
): Timers {
  const timer = (ms: number | undefined, over: () => void) =>
    ms === undefined ? undefined : setTimeout(over, Math.min(ms, LONGEST_TIMER_MS));
  let beats = 0;
  let cleared = false;
  const quiet = async (): Promise<void> => {
    const before = beats;
    const alive = await stirs().catch(() => false);
    if (cleared) return;
    if (alive || beats !== before) idle?.refresh();
    else expire('idle');
  };
  const idle = timer(limits.idleMs, () => void quiet());
  const clock = () => timer(limits.wallMs, () => expire('wall'));
  let wall = clock();
  return {
    alive: () => {
      beats++;
      idle?.refresh();
    },
    pause: () => clearTimeout(wall),
    restart: () => {
      clearTimeout(wall);
      if (!cleared) wall = clock();
    },
    clear: () => {
      cleared = true;
      clearTimeout(idle);
      clearTimeout(wall);
    },
  };
}
