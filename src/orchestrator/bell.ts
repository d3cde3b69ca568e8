/** Wakes the loop: a ring that comes before the wait is not missed. */
export interface Bell {
  ring(): void;
  /** Resolves at a ring, or after `ms`. */
  rung(ms: number): Promise<void>;
}

export function newBell(sleep: (ms: number, signal: AbortSignal) => Promise<void>): Bell {
  let waiting = new AbortController();
  return {
    ring: () => waiting.abort(),
    async rung(ms) {
      await sleep(ms, waiting.signal);
      waiting = new AbortController();
    },
  };
}
