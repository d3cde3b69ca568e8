/** What to run. Complete: nothing of the parent's environment, directory or descriptors is inherited. */
export interface SpawnPlan {
  /** What messages call it, e.g. `code agent for api, run 2`. */
  readonly label: string;
  readonly command: readonly [file: string, ...args: string[]];
  readonly cwd: string;
  /** The whole environment of the child. */
  readonly env: Readonly<Record<string, string>>;
  /** Written to stdin, which is then closed; closed at once when absent. */
  readonly stdin?: string | Uint8Array;
  /** Open a `node:child_process` message channel (structured clone) to the child. */
  readonly ipc?: boolean;
  readonly limits?: Limits;
  /**
   * After the end, look for processes that left the group (setsid, double fork) and end them too. For everything that runs
   * code of others: agents, checks, services, install, verify. Costs a look at every process of the machine.
   */
  readonly sweep?: boolean;
  /** Marks the process and its descendants so that `sweepMarker` finds them later, e.g. the run's id. No colon. */
  readonly marker?: string;
}

export interface Limits {
  /** Wall-clock cap, ms. */
  readonly wallMs?: number;
  /** Longest silence on stdout and stderr, ms. */
  readonly idleMs?: number;
  /** Bytes on stdout and stderr together after which the process is stopped as a flood. Default 64 MiB. */
  readonly floodBytes?: number;
  /** Bytes of each stream kept in `Exit`, the last ones. Default 1 MiB. */
  readonly keepBytes?: number;
  /** Pause between the graceful signal and the kill, ms. Default 2000. */
  readonly graceMs?: number;
}

/** How a process ended. Always a value: a program that does not exist is `not_started`. */
export interface Exit {
  readonly cause: 'exited' | 'signalled' | 'not_started' | 'idle' | 'wall' | 'flood' | 'stopped';
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Tail of each stream, invalid UTF-8 replaced. */
  readonly stdout: string;
  readonly stderr: string;
  /** Present when a stream was longer than `keepBytes`, so that its start is missing. */
  readonly cut?: true;
  /** Wall-clock, ms. */
  readonly ms: number;
  /** One line for a person: `exited with code 1`, `was silent for 60 s`, `could not be started: …`. */
  readonly summary: string;
}

/** Where a process runs. `none` is the only tier of this release; the seam for the enforced ones is here. */
export type Sandbox = { readonly kind: 'none' };

export interface Watch {
  /** Stops the process when aborted. */
  readonly signal?: AbortSignal;
  /** Each complete line, without its newline; a line over 1 MiB arrives cut. */
  readonly onLine?: (stream: 'stdout' | 'stderr', line: string) => void;
  readonly onMessage?: (message: unknown) => void;
}

/** A process and everything it started. */
export interface Running {
  readonly pid: number | undefined;
  /** Settles when the process has ended, its streams are closed and its stray children are gone. Never rejects. */
  readonly ended: Promise<Exit>;
  /** Graceful signal to the whole group, kill after the grace period. Idempotent. */
  stop(): Promise<Exit>;
  send(message: unknown): void;
}
