import type { Said } from '../cli/index.ts';
import type { Decision, Diagnostic, Question, RunEvent } from '../domain/index.ts';

/** The flags of `implement-factory run`, in camel case (`maxCost`, `onEscalate`, …); they beat the environment and `.start/factory.yaml`. */
export interface RunSettings extends Said {
  /** Go on although the spec changed since the run began. */
  readonly acceptChanges?: boolean;
  /** Leave an unfinished or invalid run and begin a new one. */
  readonly fresh?: boolean;
}

/** An answer to a question, as `implement-factory decide` gives it. */
export type Answer = Exclude<Decision, { kind: 'freeze' }>;

export interface ProjectOptions {
  /** Absolute path of the project: the folder that holds `.start/specs`. */
  readonly project: string;
}

export interface RunSpecOptions extends ProjectOptions {
  /** A number (`002`), a name, a directory or a path to `manifest.md`; the only open spec when left out. */
  readonly spec?: string;
  /** What agents, the product and git get their environment from, by allow-lists: usually `process.env`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly settings?: RunSettings;
  /** Stops the run: what is at work is ended, and the next run goes on from there. */
  readonly signal?: AbortSignal;
  /** Asked whatever the run asks, unless `onEscalate` answers. Null leaves the question open; it is all that stops the run, with exit code 3. */
  readonly onQuestion?: (
    question: Question,
    asked: { readonly signal: AbortSignal },
  ) => Promise<Answer | null> | Answer | null;
  /** Web proxy for an address, empty for none; `getProxyForUrl` of the package proxy-from-env, say. None when left out. */
  readonly proxyFor?: (url: string) => string;
  /** Told words that are no event, e.g. that the notify hook failed. */
  readonly log?: (text: string) => void;
}

/** How a run ended. */
export interface RunOutcome {
  readonly status:
    | 'completed'
    /** Finished with failed units. */
    | 'failed'
    /** Nothing was started: spec, configuration or settings. */
    | 'invalid'
    /** For a decision. */
    | 'waiting'
    /** The barrier tripped: the run is invalid. */
    | 'tripped'
    /** A budget is used up; a larger one resumes. */
    | 'exhausted'
    /** By infrastructure or by `signal`; the same call resumes. */
    | 'stopped';
  /** What the command line would have ended with. */
  readonly exitCode: number;
  /** For a person; null when events tell everything. */
  readonly message: string | null;
  /** Faults of the spec or of `factory.yaml` that kept the run from starting. */
  readonly diagnostics: readonly Diagnostic[];
  /** Folder of journal, transcripts, checks and receipt; null when no run was begun. */
  readonly runDir: string | null;
  /** Where work landed; null without git or a run. */
  readonly branch: string | null;
}

/** A run at work: its events for one reader, and how it ends. */
export interface SpecRun extends AsyncIterable<RunEvent> {
  readonly outcome: Promise<RunOutcome>;
}
