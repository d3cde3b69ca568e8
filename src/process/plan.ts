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
  /** Stdin stays open after that, for `Running.write`. */
  readonly talks?: boolean;
  /** Open a `node:child_process` message channel (structured clone) to the child. */
  readonly ipc?: boolean;
  readonly limits?: Limits;
  /**
   * After the end, look for processes that left the group (setsid, double fork) and end them too. For everything that runs
   * code of others: agents, checks, services, install, verify. Costs a look at every process of the machine.
   */
  readonly sweep?: boolean;
  /** What it may see and reach in a sandbox. Absent: the system's own programs only. Without a sandbox it changes nothing. */
  readonly view?: View;
  /** Marks the process and its descendants so that `sweepMarker` finds them later, e.g. the run's id. No colon. */
  readonly marker?: string;
}

/** What a shell can start: nothing that talks while it runs, is shut in, or could leave anything behind. */
export type ShortPlan = Omit<SpawnPlan, 'ipc' | 'sweep' | 'view' | 'talks' | 'marker'>;

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

/**
 * What a process may see and reach beside the system's own programs. Host paths, absolute and the same inside, so that a plan
 * reads alike with and without a sandbox; whatever is not named does not exist there.
 */
export interface View {
  /** Files and folders it may read. */
  readonly read?: readonly string[];
  /** Folders it may write. */
  readonly write?: readonly string[];
  readonly overlay?: Overlay;
  readonly routes?: readonly Route[];
}

/** A folder that shows others one over the other and keeps what is written apart from them. */
export interface Overlay {
  /** Where it appears; an existing empty folder. */
  readonly at: string;
  /** Folders that stay as they are, the uppermost first. */
  readonly lower: readonly string[];
  /** Takes up what is written. */
  readonly upper: string;
  /** Empty, on the file system of `upper`. */
  readonly work: string;
  readonly readOnly?: boolean;
}

/** A way through the wall of a sandbox, which otherwise has a loopback of its own and nothing else. */
export type Route =
  /** What it sends to `127.0.0.1:port` reaches a unix socket of the host. */
  | { readonly direction: 'out'; readonly port: number; readonly socket: string }
  /** What the host sends to a unix socket (made by the route, in an existing folder) reaches `localhost:port` inside. */
  | { readonly direction: 'in'; readonly port: number; readonly socket: string };

/** Where a process runs: as the user, or shut in by bubblewrap. Only `src/barrier` makes the second. */
export type Sandbox =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'bwrap';
      readonly enclose: (plan: SpawnPlan) => Enclosure;
      /** Who processes are inside when that is not the user: what they write must be given to them first. */
      readonly owner?: { readonly uid: number; readonly gid: number };
    };

/** How a plan is started inside a sandbox. */
export interface Enclosure {
  /** Ends in bwrap itself, without any argument of it. */
  readonly command: readonly [file: string, ...args: string[]];
  /** bwrap's options; they are given by a descriptor, so that no process list shows them. */
  readonly options: readonly string[];
  /** The whole environment inside. Given like the options: bwrap itself has an empty one, which `/proc/1/environ` shows inside. */
  readonly env: Readonly<Record<string, string>>;
  /** A seccomp program that everything inside is bound by. */
  readonly filter?: Uint8Array;
  /** What runs inside. */
  readonly inside: readonly [file: string, ...args: string[]];
  /** Variable inside that names the descriptor of the message channel, for a program that hands it on. Default: Node's own. */
  readonly channel?: string;
  /**
   * For an `inside` that puts programs before the plan's command: from exit code and whole stderr, the system's words (or error code)
   * when they could not start it; null when they could.
   */
  readonly notStarted?: (code: number, stderr: string) => string | null;
}

export interface Watch {
  /** Stops the process when aborted. */
  readonly signal?: AbortSignal;
  /** Each complete line, without its newline; a line over 1 MiB arrives cut. */
  readonly onLine?: (stream: 'stdout' | 'stderr', line: string) => void;
  readonly onMessage?: (message: unknown) => void;
  /** Asked when it was silent for `idleMs`: whether it is at work all the same, and has as long again. */
  readonly stirs?: () => Promise<boolean>;
}

/** A process and everything it started. */
export interface Running {
  readonly pid: number | undefined;
  /** Settles when the process has ended, its streams are closed and its stray children are gone. Never rejects. */
  readonly ended: Promise<Exit>;
  /** Graceful signal to the whole group, kill after the grace period. Idempotent. */
  stop(): Promise<Exit>;
  send(message: unknown): void;
  /** It is made to wait: its wall clock stands still. */
  pause(): void;
  /** Its wall clock, and the time that its end tells of, begin anew. */
  restart(): void;
  /** More for the stdin of a plan that `talks`; null closes it. What comes after its end is lost. */
  write(text: string | null): void;
}
