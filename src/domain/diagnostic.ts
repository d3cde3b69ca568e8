import type { Place } from './manifest.ts';

export type Severity = 'error' | 'warning' | 'info';

/** One fault in a file a person wrote. `rule` is a stable kebab-case id, documented in `docs/rules.md`. */
export interface Diagnostic extends Place {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** How to get out. */
  readonly hint: string;
}
