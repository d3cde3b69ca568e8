import type {
  AgentReport,
  BaseAudit,
  CodeTask,
  CompileTask,
  Compiled,
  Decision,
  EvaluationTask,
  EventOf,
  GateReport,
  GateTask,
  Infra,
  Landing,
  LandTask,
  ManifestStatus,
  Overlap,
  Measured,
  Opinions,
  OpinionTask,
  Problem,
  Question,
  Result,
  RunEvent,
  RunFact,
  ScenarioResult,
  SealedTask,
  ServiceAnswer,
  ServiceTask,
  UnitId,
} from '../domain/index.ts';

/** Workspace → briefing → agent → harvest. */
export interface Coder {
  code(
    task: CodeTask,
    signal: AbortSignal,
  ): Promise<
    Result<
      { commit: string; files: number; agent: AgentReport; overlaps?: readonly Overlap[] },
      Infra
    >
  >;
}

/** Proves of a commit what an agent that works on it could come to see. */
export interface Auditor {
  audit(base: string, signal: AbortSignal): Promise<Result<BaseAudit, Infra>>;
}

/** Merges a harvest onto the run branch. Idempotent: work that is already there is reported as landed. */
export interface Lander {
  land(task: LandTask): Promise<Result<Landing, Infra>>;
}

/** Scenarios and stubs → frozen checks. `keep` are frozen already and stay as they are. */
export interface Compiler {
  compile(task: CompileTask, signal: AbortSignal): Promise<Result<Compiled, Infra>>;
}

/** The service under test of the current group. */
export interface Service {
  ready(task: ServiceTask, signal: AbortSignal): Promise<Result<ServiceAnswer, Infra>>;
  /** Idempotent; also the last thing on every path out. */
  stop(): Promise<void>;
}

export interface Evaluator {
  evaluate(task: EvaluationTask, signal: AbortSignal): Promise<Result<Measured, Infra>>;
}

/** Another author's checks of what failed twice, made and executed. */
export interface SecondOpinion {
  ask(task: OpinionTask, signal: AbortSignal): Promise<Result<Opinions, Infra>>;
}

/** The ordered gate: the project's own checks, what held before, the constitution. It may take landed work out of the run branch again. */
export interface Gate {
  run(task: GateTask, signal: AbortSignal): Promise<Result<GateReport, Infra>>;
}

/** Measures the sealed scenarios, on instances of their own. */
export interface Sealed {
  measure(
    task: SealedTask,
    signal: AbortSignal,
  ): Promise<
    Result<
      readonly { readonly unit: UnitId; readonly scenarios: readonly ScenarioResult[] }[],
      Infra
    >
  >;
}

export interface ManifestEdit {
  readonly tick: readonly UnitId[];
  readonly status: ManifestStatus;
}

/** `manifest.md` on the run branch and its projection in the checkout. */
export interface ManifestStore {
  /** What the edit would change: hashes of the file before and after, for the journal. */
  plan(
    edit: ManifestEdit,
  ): Promise<Result<{ readonly before: string; readonly after: string }, Infra>>;
  /** Commits the edit on the run branch, then projects it. Idempotent. */
  apply(
    edit: ManifestEdit,
    hashes: { readonly before: string; readonly after: string },
  ): Promise<Result<{ readonly commit: string | null }, Infra>>;
}

/** A decision left in the inbox; `done` removes it, once it is journalled. */
export interface Dropped {
  readonly subject: Question['subject'];
  readonly decision: Decision;
  readonly done: () => void;
}

/** Whoever answers: a prompt, a policy, or `decide` from another terminal. */
export interface Person {
  /** Null: nobody can answer now. */
  ask(
    question: Question,
    signal: AbortSignal,
  ): Promise<{ decision: Decision; by: EventOf<'decision.made'>['by'] } | null>;
  /** Decisions left by `decide` while the run goes on; polled between events. */
  inbox(): readonly Dropped[];
}

/** Copies finished work into a project that is not under git; a no-op elsewhere. */
export interface Delivery {
  deliver(change: {
    readonly from: string;
    readonly to: string;
  }): Promise<Result<{ readonly note: string | null }, Infra>>;
}

export interface Journal {
  /** Stamps, writes durably and returns the event. A problem (full disk, lost folder) ends the run resumably. */
  append(fact: RunFact): Result<RunEvent, Problem>;
}

export interface Ports {
  readonly auditor: Auditor;
  readonly coder: Coder;
  readonly lander: Lander;
  readonly compiler: Compiler;
  readonly service: Service;
  readonly evaluator: Evaluator;
  readonly opinions: SecondOpinion;
  readonly gate: Gate;
  readonly sealed: Sealed;
  readonly manifest: ManifestStore;
  readonly person: Person;
  readonly delivery: Delivery;
  /** What a room wants a person to know, since it was asked last; polled between events. */
  readonly notes: () => readonly string[];
  readonly journal: Journal;
  /** Told every event after it is evolved; a consumer that fails cannot break the run. */
  readonly publish: (event: RunEvent) => void;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}
