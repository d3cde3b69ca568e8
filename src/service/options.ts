import type { Infra, Problem, Result, ServiceSetting, StartDecision } from '../domain/index.ts';
import type { Socket } from 'node:net';
import type { Route, Sandbox } from '../process/index.ts';
import type { Address } from './ports.ts';

/** A commit's files in a folder, dependencies installed. */
export interface ProductTree {
  readonly dir: string;
  /** What else its programs must see: installed dependencies. */
  readonly read?: readonly string[];
  /** Gives the folder up. */
  dispose(): Promise<void>;
}

/** The way to a service in a sandbox, whose network is its own. */
export interface Door {
  /** Its part inside. */
  readonly route: Route;
  /** A connection to the port. Rejects with `ECONNREFUSED` while nothing accepts there. */
  readonly connect: () => Promise<Socket>;
}

/** The stable address in front of the service: the recording proxy. */
export interface Front {
  readonly url: string;
  point(target: Address | null): void;
}

export interface ServiceOptions {
  /** Flags, `.start/factory.yaml` and manifest, already merged. */
  readonly setting: ServiceSetting;
  /**
   * Materialises a commit. The same name means the same folder: it is brought to the new commit in place, while a service may be
   * running in it.
   */
  readonly checkout: (
    commit: string,
    name: string,
    how?: { readonly occupied: boolean },
  ) => Promise<Result<ProductTree, Problem>>;
  readonly front: Front;
  /** Environment of the service, before `service.env` and `PORT`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute; logs go to `service/` in it, and answers name them relative to it. */
  readonly runFolder: string;
  readonly sandbox: Sandbox;
  /** A way to a port in the sandbox of the next service; absent where services share the network of this machine. */
  readonly door?: (port: number) => Promise<Door>;
  /** Ways out of its sandbox: what it needs of this machine. */
  readonly routes?: readonly Route[];
  /** Marks the processes, e.g. the run's id. */
  readonly marker: string;
  /** A discovered command was healthy before this process took the run up. */
  readonly healthyBefore?: boolean;
  /** How a person said that it is started, before this process took the run up. */
  readonly decided?: StartDecision | null;
  /** Time until healthy unless declared, ms. Default 60 000. */
  readonly budgetMs?: number;
  /** Between asking the service to end and killing it, ms. Default 2000. */
  readonly graceMs?: number;
  /** A free loopback port. */
  readonly allocatePort?: () => Promise<number>;
}

/** Why a side instance could not be used; `symptom` is null when the product is not to blame. */
export interface SideFailure extends Infra {
  readonly symptom: string | null;
}

/** A throw-away service of its own. */
export interface SideInstance {
  readonly port: number;
  /** Without a slash at its end. */
  readonly url: string;
  readonly dir: string;
  /** What else its programs must see. */
  readonly read?: readonly string[];
  /** The only way to the port where it is one inside a sandbox. */
  readonly connect?: () => Promise<Socket>;
}
