import type { Problem, Result } from '../domain/index.ts';
import type { Route, Sandbox } from '../process/index.ts';
import type { Chromium } from './attempt/chromium.ts';
import type { RecordingProxy } from './proxy/proxy.ts';

/** Where and how checks are executed. */
export interface Bench {
  /** Folder for what attempts leave behind; every attempt removes its own. Absolute. */
  readonly scratch: string;
  /** The Node that runs checks. */
  readonly node: string;
  /** Environment that checks and product programs get, already reduced to what is allowed. */
  readonly env: Readonly<Record<string, string>>;
  readonly sandbox: Sandbox;
  /** Paths for unix sockets by which checks in a sandbox reach proxies; absent where they share the network of this machine. */
  readonly socketPath?: () => string;
  /** Time for one attempt, ms. */
  readonly attemptMs: number;
  /** The port that scenarios speak of, when somebody declared it; null: any port of localhost means the product. */
  readonly port: number | null;
  /** For checks that open pages; an error says why there is none. */
  readonly browser: Result<Chromium, Problem>;
  /** Absent: nobody declared how a service is put back, and attempts meet the state that others left. */
  readonly reset?: Reset;
  /** Marks every process as the run's. */
  readonly marker?: string;
}

/** What every process started on a bench has in common. */
export const marked = ({ marker }: Bench): { marker?: string } =>
  marker === undefined ? {} : { marker };

/** How a person said that the state of a service is put back. */
export interface Reset {
  /** A shell command, or a request: `POST /test/reset`. */
  readonly how: string;
  /** Of the service, on top of the bench's. */
  readonly env: Readonly<Record<string, string>>;
  /** What the service may reach, the command may too. */
  readonly routes: readonly Route[];
}

/** In a network of its own a process has one way out, to the product's address, which is the same there. */
export const routesTo = (
  proxy: Pick<RecordingProxy, 'port' | 'socket'> | null,
  { sandbox }: Bench,
): readonly Route[] =>
  sandbox.kind === 'none' || proxy === null || proxy.socket === null
    ? []
    : [{ direction: 'out', port: proxy.port, socket: proxy.socket }];

/**
 * Scenarios at a time. The service still has one attempt at a time; meanwhile the program of another one starts, which takes longer than
 * most attempts.
 */
export const SCENARIOS = 2;
