import type { Breach } from './audit.ts';
import type { FrozenCheck } from './check.ts';
import type { Operation } from './operation.ts';
import type { Landed, Proof, Proven, Violation } from './gate.ts';
import type { ManifestStatus, UnitId } from './manifest.ts';
import type { Failing, Opinion } from './opinion.ts';
import type { ProviderLimits } from './limit.ts';
import type { Plan } from './plan.ts';
import type { Lap } from './progress.ts';
import type { Purse } from './purse.ts';
import type { Question, StartDecision } from './question.ts';
import type { ScenarioResult } from './verdict.ts';
import type { Watchdog } from './watchdog.ts';

/** What the next code run of a unit is told beyond its unit spec. */
export interface Feedback {
  readonly symptoms: readonly string[];
  readonly guidance: string | null;
  /** The unit's own harvested commit whose landing conflicted: the workspace holds the merge. */
  readonly conflict: string | null;
}

/**
 * Where a unit is. Each state holds only its own data. Between `evaluating` and a retry it may be `doubted`.
 *
 *     pending → coding → coded → landed → evaluating → passed → gate → completed
 *        ↑         ↓ infra, crash            │ retry      ↑ recheck │ blamed
 *        ├─────────┴───────────────────────┤            │         │
 *        └──────────── decision ───────── escalated ←──────┴─────────┘ → skipped
 */
export type UnitState =
  | {
      readonly phase: 'pending';
      readonly iteration: number;
      /** The unit's own harvested commit whose landing conflicted. */
      readonly conflict: string | null;
    }
  | {
      readonly phase: 'coding';
      readonly iteration: number;
      readonly attempt: number;
      readonly conflict: string | null;
    }
  | {
      readonly phase: 'coded';
      readonly iteration: number;
      readonly attempt: number;
      readonly commit: string;
      readonly landing: boolean;
    }
  | { readonly phase: 'landed'; readonly iteration: number; readonly commit: string }
  | {
      readonly phase: 'evaluating';
      readonly iteration: number;
      readonly commit: string;
      /** On an instance of its own, not on the group's service. */
      readonly aside: boolean;
    }
  | {
      /** Not satisfied, by checks that another author's are to confirm. */
      readonly phase: 'doubted';
      readonly iteration: number;
      readonly commit: string;
      readonly asking: boolean;
    }
  | { readonly phase: 'passed'; readonly iteration: number; readonly commit: string }
  | {
      readonly phase: 'gate';
      readonly iteration: number;
      readonly commit: string;
      /** Through the gate; only the tick is missing. */
      readonly cleared: boolean;
    }
  | { readonly phase: 'completed'; readonly commit: string | null }
  | {
      readonly phase: 'escalated';
      readonly iteration: number;
      readonly commit: string | null;
      readonly question: Question;
      readonly asked: boolean;
      readonly conflict: string | null;
    }
  | { readonly phase: 'skipped' };

export type Phase = UnitState['phase'];

/** A unit's checks, apart from its code: both are made at the same time. */
export type ChecksState =
  /** To be compiled; `kept` are frozen and stay. */
  | { readonly kind: 'missing'; readonly kept: readonly FrozenCheck[] }
  | { readonly kind: 'compiling'; readonly kept: readonly FrozenCheck[] }
  | {
      readonly kind: 'frozen';
      readonly checks: readonly FrozenCheck[];
      readonly broken: readonly { readonly scenario: string; readonly reason: string }[];
    };

/** What a unit's agents have consumed. */
export interface Spend {
  readonly usd: number;
  /** Agent runs whose cost nobody knows. */
  readonly unknownRuns: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Everything known of one unit. */
export interface UnitRecord {
  readonly id: UnitId;
  readonly state: UnitState;
  readonly checks: ChecksState;
  /** Code runs started, never reset. */
  readonly attempts: number;
  /** Conflicts in a row. */
  readonly conflicts: number;
  /** The last measurement; empty before the first. */
  readonly scenarios: readonly ScenarioResult[];
  /** What its next code run is told. */
  readonly symptoms: readonly string[];
  /** A person's advice, for every code run of the count it started. */
  readonly guidance: string | null;
  /** Satisfaction of each evaluation, oldest first. */
  readonly history: readonly number[];
  /** Iterations of this count that were not satisfied, oldest first. */
  readonly laps: readonly Lap[];
  /** Its last code run: whether it changed nothing, and whether the stronger model did it. */
  readonly coded: { readonly empty: boolean; readonly strong: boolean };
  /** Where the scenarios that it passed were last seen to pass. */
  readonly holds: Proven | null;
  /** What failed when it was last measured. */
  readonly failing: readonly Failing[];
  readonly opinions: readonly Opinion[];
  readonly filesChanged: number;
  readonly spend: Spend;
}

/** The service under test, as far as the current group has it. */
export type ServiceState =
  | { readonly kind: 'down' }
  | { readonly kind: 'busy' }
  /** `checked`: its health was asked in this evaluation phase; `stale`: landed code wants a restart. */
  | {
      readonly kind: 'up';
      readonly url: string;
      readonly commit: string;
      readonly checked: boolean;
      readonly stale: boolean;
    }
  | { readonly kind: 'unclear'; readonly question: Question; readonly asked: boolean };

export interface GroupState {
  readonly number: number;
  /** Commit the workspaces of this round are made of in a parallel group. */
  readonly base: string;
  /** `evaluate` lasts until every landed unit is measured; nobody codes meanwhile. */
  readonly stage: 'build' | 'evaluate';
  readonly service: ServiceState;
  readonly gate: 'idle' | 'running';
}

/** What is left to do when every unit is completed or skipped. */
export interface Closing {
  readonly gate: 'due' | 'running' | 'passed' | 'failed';
  /** It took landed work out again, which a project without git does not have yet. */
  readonly undelivered: boolean;
  readonly sealed: 'due' | 'running' | 'done';
}

/** Why nothing new may start. */
export type Halt =
  /** `aborting`: a person had ended the run; only the manifest could not be told. */
  | { readonly kind: 'infra'; readonly detail: string; readonly aborting: boolean }
  | { readonly kind: 'abort' }
  /** For good: no resume takes it away. */
  | ({ readonly kind: 'tripped'; readonly unit: UnitId | null } & Breach);

/** What this process has proven of the commits that agents work on. */
export interface AuditState {
  /** Commit that is being audited. */
  readonly busy: string | null;
  readonly passed: readonly string[];
  /** Found and not yet told. */
  readonly breach: Breach | null;
}

export interface ManifestState {
  readonly status: ManifestStatus;
  readonly editing: { readonly before: string; readonly after: string } | null;
}

/** A run, folded from its events. Serialisable. */
export interface RunState {
  readonly plan: Plan;
  /** How it was last called, beyond the spec: words of a command line. */
  readonly flags: readonly string[];
  readonly branch: string;
  readonly base: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** Commit at the tip of the run branch as the journal knows it. */
  readonly head: string;
  /** Commit at the end of the last finished group: what a project without git has been given. */
  readonly delivered: string;
  /** Position of each unit in `units`; never changes. */
  readonly index: Readonly<Record<string, number>>;
  readonly units: readonly UnitRecord[];
  /** The group at work, or null between groups. */
  readonly group: GroupState | null;
  /** Groups finished, by number. */
  readonly finishedGroups: readonly number[];
  readonly manifest: ManifestState;
  /** Every landing of the run, in order. */
  readonly landings: readonly Landed[];
  /** Where the project's own checks were last seen to pass. */
  readonly proven: Proven;
  /** What earlier runs measured of the units that they completed. */
  readonly inherited: readonly Proof[];
  /** What the gates consumed, which belongs to no unit. */
  readonly gateSpend: Spend;
  /** What the last gate found against CONSTITUTION.md. */
  readonly violations: readonly Violation[];
  /** Ids of violations that a person accepted. */
  readonly accepted: readonly string[];
  readonly closing: Closing;
  /** Results of sealed scenarios, by unit. */
  readonly sealed: Readonly<Record<string, readonly ScenarioResult[]>>;
  /** A person's answer to how the service is started. */
  readonly serviceStart: StartDecision | null;
  /** Operations that failed in a row, by `operation` or `operation:unit`. */
  readonly infra: Readonly<Record<string, number>>;
  readonly audit: AuditState;
  /** What budgets are measured by. */
  readonly purse: Purse;
  readonly limits: ProviderLimits;
  readonly watchdog: Watchdog | null;
  readonly halt: Halt | null;
  readonly outcome: 'completed' | 'failed' | null;
}

/** Key under which failures in a row are counted. */
export const operationKey = (operation: Operation, unit?: UnitId): string =>
  unit === undefined ? operation : `${operation}:${unit}`;
