import type { Priority } from './manifest.ts';

/** A fenced piece of code as a person wrote it; `lang` is the first word behind the fence. */
export interface Fence {
  readonly lang: string | null;
  readonly code: string;
}

/** One executable test stub of one scenario. */
export interface Stub extends Fence {
  /** Name of the scenario it belongs to. */
  readonly scenario: string;
  readonly priority: Priority;
}

/** A unit's `e2e-stubs.md`: executable test stubs, holdout like the scenarios they stand for. */
export interface Stubs {
  /** What the stubs are written for, e.g. `node:test`. */
  readonly framework: string | null;
  /** Prepended to each stub. */
  readonly setup: Fence | null;
  readonly stubs: readonly Stub[];
}
