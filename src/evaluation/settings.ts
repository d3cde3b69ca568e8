import type { Sandbox } from '../process/index.ts';

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
  /** Marks every process as the run's. */
  readonly marker?: string;
}

/** What every process started on a bench has in common. */
export const marked = ({ marker }: Bench): { marker?: string } =>
  marker === undefined ? {} : { marker };
