/** What the runtime itself saw of the product at its public surface: the neutral form of the traffic record. */
export type Observation =
  HttpObservation | CommandObservation | CallObservation | ServiceObservation | VerifyObservation;

export interface HttpObservation {
  readonly kind: 'http';
  readonly method: string;
  /** With or without its query, which is never told. */
  readonly path: string;
  /** Null: there was no answer. */
  readonly status: number | null;
  readonly error: 'refused' | 'reset' | 'timeout' | null;
  /** False: the body says it is JSON and is not. */
  readonly json?: boolean | null;
  /** ms until the end of the answer, or until the wait was given up. */
  readonly ms: number;
  /** Which part of the answer the check was not satisfied with; absent: unknown. */
  readonly part?: 'status' | 'body' | 'header' | 'page';
}

export interface CommandObservation {
  readonly kind: 'command';
  readonly code: number | null;
  readonly signal: string | null;
  readonly error: 'not_started' | 'timeout' | 'flood' | null;
  readonly ms: number;
  readonly part?: 'exit' | 'output' | 'errors' | 'files';
}

export interface CallObservation {
  readonly kind: 'call';
  /** Name of the export. */
  readonly name: string;
  readonly outcome: 'loaded' | 'returned' | 'threw' | 'missing' | 'timeout' | 'died';
  readonly ms: number;
}

/** How the service under test failed as a whole. */
export interface ServiceObservation {
  readonly kind: 'service';
  readonly outcome: 'exited' | 'unhealthy' | 'died';
  /** Exit code, where it ended by itself. */
  readonly code: number | null;
  /** How long its health was waited for, ms. */
  readonly ms: number;
}

/** The project's own command, or scenarios of earlier units, in the gate. */
export interface VerifyObservation {
  readonly kind: 'verify';
  readonly outcome: 'failed' | 'timeout' | 'regression' | 'install';
  readonly code: number | null;
}
