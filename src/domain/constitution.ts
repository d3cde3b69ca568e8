import type { RuleLevel } from './gate.ts';
import type { Place } from './manifest.ts';

/** One rule of CONSTITUTION.md, as its parser found it in order. */
export interface Rule {
  /** The heading it is written below, or its `name`. */
  readonly name: string;
  readonly level: RuleLevel;
  /** `pattern`: RE2 syntax, applied by code; `check`: a question that an agent answers. */
  readonly by:
    | { readonly kind: 'pattern'; readonly pattern: string }
    | { readonly kind: 'check'; readonly question: string };
  /** Globs of files it is for. */
  readonly scope: readonly string[];
  /** Globs of files it is not for. */
  readonly exclude: readonly string[];
  readonly message: string;
  readonly place: Place;
}
