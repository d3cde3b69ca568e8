import type { AgentReport } from './agent.ts';
import type { Breach } from './audit.ts';
import type { Allotment } from './budget.ts';
import type { FrozenCheck } from './check.ts';
import type { UnitId } from './manifest.ts';
import type { Doubt, HeardOpinion } from './opinion.ts';
import type { Question, StartDecision } from './question.ts';
import type { Feedback } from './state.ts';
import type { ScenarioResult } from './verdict.ts';

/** What crosses between the orchestrator and the rooms that do the work: tasks one way, outcomes the other. */

/** A failure outside the product: tried again, then the run stops resumably. */
export interface Infra {
  /** One line for a person. */
  readonly detail: string;
  /** What the agent that failed consumed. */
  readonly agent?: AgentReport;
  /** It did not fail: the barrier was breached in it. Never tried again. */
  readonly breach?: Breach;
}

export interface CodeTask {
  readonly unit: UnitId;
  readonly iteration: number;
  readonly attempt: number;
  /** Commit its workspace is made of. */
  readonly base: string;
  /** Instead of the agent's own: the unit has failed often enough. */
  readonly model?: string;
  readonly feedback: Feedback;
  /** Tighter than the usual caps of an agent. */
  readonly allotment?: Allotment;
}

export interface CompileTask {
  readonly unit: UnitId;
  /** Frozen already; they stay as they are. */
  readonly keep: readonly FrozenCheck[];
  readonly allotment?: Allotment;
}

export interface LandTask {
  readonly unit: UnitId;
  readonly iteration: number;
  readonly attempt: number;
  /** The harvest. */
  readonly commit: string;
}

/** What became of a harvest. */
export type Landing<Symptom extends string = string> =
  | {
      readonly kind: 'landed';
      readonly commit: string;
      readonly files: number;
      /** The change asks for a restart of the service. */
      readonly serverSide: boolean;
      /** Tip of the run branch, where the work was there already and something came after it. */
      readonly head?: string;
    }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] }
  | { readonly kind: 'refused'; readonly symptoms: readonly Symptom[] };

/** A scenario without a check, and why: one line for a person. */
export interface Unchecked {
  readonly scenario: string;
  readonly reason: string;
}

/** What became of a unit's scenarios. */
export interface Compiled {
  /** Those that were frozen already come first. */
  readonly checks: readonly FrozenCheck[];
  readonly broken: readonly Unchecked[];
  /** Null when no agent was asked. */
  readonly agent: AgentReport | null;
}

export interface ServiceTask {
  readonly action: 'start' | 'restart' | 'check';
  /** The product to serve. */
  readonly commit: string;
  /** Beats every declaration. */
  readonly start: StartDecision | null;
}

export type ServiceAnswer =
  | {
      readonly kind: 'ready';
      readonly commit: string;
      readonly url: string;
      /** `declared`, or the file it was discovered in. */
      readonly source: string;
    }
  | {
      readonly kind: 'failed';
      readonly symptom: string;
      /** For a person. */
      readonly detail: string;
      /** Path relative to the run folder. */
      readonly log: string | null;
    }
  | { readonly kind: 'unclear'; readonly question: Question; readonly log: string | null };

export interface EvaluationTask {
  readonly unit: UnitId;
  readonly iteration: number;
  readonly commit: string;
  readonly checks: readonly FrozenCheck[];
  readonly broken: readonly Unchecked[];
  /** Another unit is measured on the group's service: this one has an instance of its own. */
  readonly aside?: true;
}

/** The sealed scenarios of units that are built, with a check or without. */
export interface SealedTask {
  readonly commit: string;
  readonly units: readonly {
    readonly unit: UnitId;
    readonly checks: readonly FrozenCheck[];
    readonly broken: readonly Unchecked[];
  }[];
}

export interface OpinionTask {
  readonly unit: UnitId;
  readonly iteration: number;
  readonly commit: string;
  readonly doubts: readonly Doubt[];
  readonly allotment?: Allotment;
}

export interface Opinions {
  readonly opinions: readonly HeardOpinion[];
  /** Null when every opinion was there already. */
  readonly agent: AgentReport | null;
}

export interface Measured {
  readonly scenarios: readonly ScenarioResult[];
  readonly symptoms: readonly string[];
  /** The live evaluator's run in `report` mode; null when checks ran. */
  readonly agent: AgentReport | null;
}
