import type { AgentOutcome, Limited, Usage } from '../domain/index.ts';
import type { Exit } from '../process/index.ts';
import type { AgentRequest, JsonSchema } from './request.ts';

/** How one agent program is called. Complete, and free of side effects: safe to print and to compare. */
export interface AgentPlan {
  readonly argv: readonly [string, ...string[]];
  /** The whole environment of the child. */
  readonly env: Readonly<Record<string, string>>;
  /** The prompt. Never in argv, which every process of the machine can read. */
  readonly stdin: string;
  /** Written into HOME before the start; paths relative to it. */
  readonly homeFiles: readonly { readonly path: string; readonly content: string }[];
  /** Bytes of output after which it counts as a flood. */
  readonly floodBytes: number;
  /** Bytes of each stream that `finish` wants to see. */
  readonly keepBytes: number;
}

/** What an agent said of itself at its end. */
export interface ResultEvent {
  readonly kind: 'result';
  /** The program's own word for how it ended, e.g. `success`, `error_max_turns`. */
  readonly subtype: string;
  readonly failed: boolean;
  readonly turns: number | null;
  readonly usage: Usage;
  /** HTTP status of the model API, when that is what failed. */
  readonly apiStatus: number | null;
  readonly text: string | null;
  /** `undefined`: no structured answer was given. */
  readonly output: unknown;
}

/** What a line of output means, as far as anything depends on it. */
export type AgentEvent =
  /** The model API failed and is asked again. */
  | { readonly kind: 'retrying'; readonly status: number | null }
  /** The provider refuses work until `resetsAt` (seconds since 1970). */
  | { readonly kind: 'rate limited'; readonly resetsAt: number | null }
  /** Words of the agent, for a program whose result does not repeat the last of them. */
  | { readonly kind: 'said'; readonly text: string }
  /** Terminal: what follows does not matter. */
  | ResultEvent
  | { readonly kind: 'other' };

/** What was asked of a run, as far as its end is judged by it. */
export interface Asked {
  readonly role: AgentRequest['role'];
  readonly schema?: JsonSchema;
}

/** The end of a run, judged. */
export interface Finish {
  readonly outcome: AgentOutcome;
  readonly usage: Usage;
  /** One line for a person, with no words of a model in it. */
  readonly detail: string;
  readonly text: string | null;
  readonly output: unknown;
  /** Its provider refused work. */
  readonly limited?: Limited;
}

/** One agent program. All three functions are pure. */
export interface Adapter {
  plan(request: AgentRequest): AgentPlan;
  /** Tolerant: whatever it does not know is `other`. */
  parse(line: string): AgentEvent;
  finish(exit: Exit, events: readonly AgentEvent[], asked: Asked): Finish;
}

export const UNKNOWN_USAGE: Usage = { costUsd: null, inputTokens: null, outputTokens: null };

const MEBI = 1024 * 1024;
export const OUTPUT_LIMITS = { floodBytes: 64 * MEBI, keepBytes: 4 * MEBI };

/** A run that ended without work to judge. */
export const failed = (outcome: AgentOutcome, detail: string, usage = UNKNOWN_USAGE): Finish => ({
  outcome,
  usage,
  detail,
  text: null,
  output: undefined,
});

/** The end of a process that was not left to end by itself, or null. */
export function endedByForce(exit: Exit): Finish | null {
  switch (exit.cause) {
    case 'exited':
      return null;
    case 'not_started':
      return failed('agent_error', `it ${exit.summary}`);
    case 'signalled':
    case 'idle':
    case 'wall':
    case 'flood':
    case 'stopped':
      return failed('killed', `it ${exit.summary}`);
  }
}
