import type { Exchange } from '../proxy/traffic.ts';

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

/** What a browser asked for, as its own header says (https://w3c.github.io/webappsec-fetch-metadata/); null for other clients. */
function destination(seen: Observation): string | null {
  const said = seen.kind === 'http' ? seen.request.headers['sec-fetch-dest'] : undefined;
  return typeof said === 'string' ? said : null;
}

export const isByBrowser = (seen: Observation): boolean => destination(seen) !== null;

/** Parts of a page that are asked for whether or not they matter, its icon first of all. */
const isOrnament = (seen: Observation): boolean =>
  ['image', 'font', 'audio', 'video', 'manifest'].includes(destination(seen) ?? '');

/** What a page cannot do without. */
const isPillar = (seen: Observation): boolean =>
  ['document', 'script', 'style'].includes(destination(seen) ?? '');

const wentWrong = (seen: Observation): boolean => {
  switch (seen.kind) {
    case 'http':
      if (seen.error !== null || (seen.status ?? 0) >= 500) return true;
      return isPillar(seen) && (seen.status ?? 0) >= 400;
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
  const telling = inOrder.filter((each) => !isOrnament(each));
  const last = telling.findLast((each) => !['script', 'style'].includes(destination(each) ?? ''));
  return telling.find(wentWrong) ?? last ?? inOrder.at(-1) ?? null;
}
