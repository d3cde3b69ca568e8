import type { Exchange } from './traffic.ts';

/** One run of the product's command-line program, as the runtime saw it. */
export interface CommandObservation {
  readonly kind: 'command';
  readonly at: number;
  /** As the check gave it. */
  readonly command: string;
  readonly code: number | null;
  readonly signal: string | null;
  /** `timeout`: it was stopped at the end of its time; `flood`: it printed without end. */
  readonly error: 'not_started' | 'timeout' | 'flood' | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** One load of an export, or one call of what was loaded. */
export interface CallObservation {
  readonly kind: 'call';
  readonly at: number;
  /** Name of the export it came from. */
  readonly name: string;
  /** Null for the export itself. */
  readonly method: string | null;
  readonly outcome: 'loaded' | 'returned' | 'threw' | 'missing' | 'timeout' | 'died';
  /** What it threw; evidence only. */
  readonly message: string | null;
  readonly ms: number;
}

export interface HttpObservation extends Exchange {
  readonly kind: 'http';
}

/** What was seen of the product at its public surface, by the runtime itself. */
export type Observation = HttpObservation | CommandObservation | CallObservation;

const wentWrong = (seen: Observation): boolean => {
  switch (seen.kind) {
    case 'http':
      return seen.error !== null || (seen.status ?? 0) >= 500;
    case 'command':
      return seen.error !== null || seen.signal !== null;
    case 'call':
      return seen.outcome === 'missing' || seen.outcome === 'timeout' || seen.outcome === 'died';
  }
};

/**
 * The one observation that a failed attempt is told by: the first at which the product plainly broke, else the last one before
 * the failure.
 */
export function culprit(seen: readonly Observation[]): Observation | null {
  const inOrder = [...seen].sort((a, b) => a.at - b.at);
  return inOrder.find(wentWrong) ?? inOrder.at(-1) ?? null;
}
