/**
 * What the check, the runtime and the product's own process say to each other. Types only: the three sides are three programs,
 * and what arrives from the other side is looked at before it is believed.
 */

/** An error as it travels. */
export interface PortableError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  /** Own fields that are plain data. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** A value of the product: plain data by copy, everything that can be called by a number that stands for it. */
export type Described =
  | { readonly is: 'value'; readonly value: unknown }
  | { readonly is: 'list'; readonly items: readonly Described[] }
  | {
      readonly is: 'function';
      readonly handle: number;
      readonly methods: readonly string[];
      /** Methods that an instance would have, when it is a class. */
      readonly instance: readonly string[];
    }
  | {
      readonly is: 'object';
      readonly handle: number;
      readonly data: Readonly<Record<string, Described>>;
      readonly methods: readonly string[];
    };

/** The answer to a call: what it returned, and what the object it was called on looks like afterwards. */
export interface Returned {
  readonly value: Described;
  readonly self?: Described;
}

export type Ask =
  | {
      readonly ask: 'run';
      readonly command: string | readonly string[];
      readonly args: readonly string[];
      readonly stdin: string;
      readonly env: Readonly<Record<string, string>>;
      readonly timeoutMs: number | null;
    }
  | { readonly ask: 'load'; readonly name: string }
  | {
      readonly ask: 'call';
      readonly handle: number;
      readonly method: string | null;
      readonly construct: boolean;
      readonly args: readonly unknown[];
    }
  | { readonly ask: 'write'; readonly path: string; readonly text: string }
  | { readonly ask: 'read'; readonly path: string };

/** From the check. */
export type FromCheck =
  /** Its program has started; the check itself is loaded when it may go. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'ask'; readonly id: number; readonly ask: Ask }
  /** What was on a page at the end, for a person. */
  | { readonly kind: 'picture'; readonly png: Uint8Array }
  | { readonly kind: 'verdict'; readonly passed: true }
  | { readonly kind: 'verdict'; readonly passed: false; readonly fault: Fault };

/** Why a check did not return. */
export interface Fault {
  /** `load`: it never got to run; `misuse`: it asked the kit for what cannot be; `thrown`: it threw. */
  readonly stage: 'load' | 'misuse' | 'thrown';
  readonly assertion: boolean;
  /** What the failed assertion had in its hands, when it is simple; tells which part of an answer it looked at. */
  readonly actual?: string | number | boolean | null;
  /** The operating system refused what the check itself asked for: more than it may use, or a file of its own. */
  readonly own?: 'bounds' | 'file';
  readonly error: PortableError;
}

/** To the check: it is its turn. */
export interface Go {
  readonly kind: 'go';
}

/** To the check, and from the product's process. */
export type Reply =
  | { readonly kind: 'reply'; readonly id: number; readonly ok: true; readonly value: unknown }
  | {
      readonly kind: 'reply';
      readonly id: number;
      readonly ok: false;
      readonly error: PortableError;
      /** The check is at fault, not the product. */
      readonly misuse?: boolean;
    };

export interface RunResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** To the product's process. */
export type ToHost =
  | {
      readonly kind: 'load';
      readonly id: number;
      readonly name: string;
      /** Absolute paths of modules to try, best first. */
      readonly files: readonly string[];
    }
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly handle: number;
      readonly method: string | null;
      readonly construct: boolean;
      readonly args: readonly unknown[];
    };

/** The name under which the product's process says that no module has the export. */
export const MISSING_EXPORT = 'MissingExport';
