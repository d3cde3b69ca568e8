import type { Briefing } from '../barrier/index.ts';
import type { AgentReport } from '../domain/index.ts';
import type { Sandbox, View } from '../process/index.ts';

/**
 * `coder` writes software, `author` turns scenarios into checks, `evaluator` looks at the running product (`report` mode), `judge` holds files
 * against the rules of CONSTITUTION.md.
 */
export type AgentRole = 'coder' | 'author' | 'evaluator' | 'judge';

/** What no agent run may exceed. `null`: no such cap. */
export interface Caps {
  /** Longest silence, ms. An agent is silent while its model thinks and while a tool runs, which may be ten minutes. */
  readonly idleMs: number;
  /** Wall-clock, ms. */
  readonly wallMs: number;
  /** Turns of the model. */
  readonly turns: number | null;
  /** USD; seen only after a response, so it is overshot by up to one. */
  readonly costUsd: number | null;
  /** How long a process may linger after its result, ms. Default 10 s. */
  readonly lingerMs?: number;
}

/** A JSON Schema, its root an object. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** One piece of work for an agent. Paths are absolute. */
export interface AgentRequest {
  readonly role: AgentRole;
  /** Minted by the barrier: all the agent is told. */
  readonly briefing: Briefing;
  /** For labels and prepared files; no model ever hears of it. */
  readonly unit: string;
  /** Code run of the unit in this run, 1-based. */
  readonly iteration: number;
  readonly cwd: string;
  /** HOME of this run alone; made when it is missing. */
  readonly home: string;
  readonly transcriptFile: string;
  readonly runDir: string;
  /** The answer must be JSON of this shape. */
  readonly schema?: JsonSchema;
  readonly caps: Caps;
  /** Environment the credentials are picked from; the rest of it is not passed on. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The project's own instructions (CLAUDE.md, AGENTS.md); handed to coders only. */
  readonly instructionsFile?: string;
  readonly sandbox: Sandbox;
  /** What it may see and write in the sandbox, `cwd` and `home` included. */
  readonly view: View;
  /** The program's own file, where a sandbox has no PATH that leads to it. */
  readonly program?: string | null;
  /** Values of credentials that stay outside of its environment and must not be written down either. */
  readonly secrets?: readonly string[];
  /** Marks the processes of this run for a later sweep. */
  readonly marker?: string;
}

/** A run that yields something to judge. */
export interface AgentRun {
  readonly report: AgentReport;
  /** JSON that fits the schema asked for; null when none was. */
  readonly output: unknown;
  /** Its closing words, untrusted; null when there are none. */
  readonly text: string | null;
}

/** A run that failed for reasons of its own, never the product's. */
export interface AgentFailure {
  /** One line for a person. */
  readonly detail: string;
  /** Absent when no process was started; otherwise what it cost counts. */
  readonly agent?: AgentReport;
  /** With `bad_schema`: what it answered instead, data or text, untrusted; for a reader more lenient than the schema. */
  readonly answer?: unknown;
}
