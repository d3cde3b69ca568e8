/** Expected failure is a value; a throw means our own bug. */
export type Result<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });
export const err = <E>(error: E): { readonly ok: false; readonly error: E } => ({
  ok: false,
  error,
});

/** A failure a person can meet: where, what, and how to get out. */
export interface Problem {
  /** File, command, port or unit the problem is at. */
  readonly where: string;
  /** One sentence: what is the matter. */
  readonly what: string;
  /** One sentence: what to do about it. */
  readonly remedy: string;
}

/** Reached only when a union grew a variant that a switch does not know. */
export function unreachable(value: never): never {
  throw new Error(`Internal error: unexpected ${JSON.stringify(value)}`);
}
