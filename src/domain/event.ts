import { z } from 'zod';
import { AgentReport } from './agent.ts';
import { BaseAudit, Breach, Overlap } from './audit.ts';
import { Barrier } from './barrier.ts';
import { FrozenCheck } from './check.ts';
import { GateReport, Inherited } from './gate.ts';
import { ManifestStatus, UnitId } from './manifest.ts';
import { LIMIT_FACTS } from './limit.ts';
import { OPINION_FACTS } from './opinion.ts';
import { Operation } from './operation.ts';
import { Adjustable, Plan } from './plan.ts';
import { Decision, Question } from './question.ts';
import { ScenarioResult } from './verdict.ts';

/** What the command was given beyond the spec, as words of a command line: whoever goes on needs the same. */
const flags = z.array(z.string());

const unit = z.object({ unit: UnitId });
const coding = unit.extend({
  /** Code run within the current count, 1-based. */
  iteration: z.int().min(1),
  /** Code run of this unit in this run, never reset: names workspaces and commits. */
  attempt: z.int().min(1),
});

/** What happened, without the envelope. One doc line per variant. */
export const RunFact = z.discriminatedUnion('type', [
  /** A run began: the plan, the run branch, its first commit, and hashes of every input file (path → sha256). */
  z.object({
    type: z.literal('run.started'),
    plan: Plan,
    branch: z.string(),
    base: z.string(),
    /** What a project without git has been given by earlier runs; the base when it is left out. */
    delivered: z.string().optional(),
    inputs: z.record(z.string(), z.string()),
    flags: flags.optional(),
    /** What earlier runs completed must hold still; left out when there is nothing. */
    inherited: z.array(Inherited).optional(),
  }),
  /** A process took up an interrupted run, by the settings of its own call: work in flight is pending again. */
  z.object({
    type: z.literal('run.resumed'),
    flags: flags.optional(),
    /** What of the plan is no measure of the result, and may be another than before. */
    plan: Adjustable.optional(),
  }),
  /** How this process keeps agents, checks and the product from what they must not see; the run is as strong as its weakest process. */
  z.object({ type: z.literal('barrier.opened'), ...Barrier.shape }),
  /** Nothing can go on without a person; exit 3. */
  z.object({ type: z.literal('run.paused') }),
  /** The process stopped short; resumably, unless the barrier tripped. */
  z.object({
    type: z.literal('run.stopped'),
    reason: z.enum(['infra', 'signal', 'tripped', 'budget']),
    detail: z.string(),
  }),
  /** The barrier was breached, the run is invalid and never goes on. `operation`: what it ended, null for none. */
  z.object({
    type: z.literal('run.tripped'),
    ...Breach.shape,
    unit: UnitId.nullable(),
    operation: Operation.nullable(),
    agent: AgentReport.optional(),
  }),
  /** The run is over. */
  z.object({ type: z.literal('run.finished'), status: z.enum(['completed', 'failed']) }),

  /** Its units may start. */
  z.object({ type: z.literal('group.started'), group: z.int() }),
  /** Every unit of it is completed or skipped. */
  z.object({ type: z.literal('group.finished'), group: z.int() }),

  /** What agents would be given of commit `base` is being audited. */
  z.object({ type: z.literal('audit.started'), base: z.string() }),
  /** Audited: agents may work on it, unless there is a breach in it. */
  z.object({ type: z.literal('audit.finished'), ...BaseAudit.shape }),

  /** A code agent is at work in a blind workspace made of commit `base`; `model`: the stronger one of the plan, once it is its turn. */
  coding.extend({
    type: z.literal('code.started'),
    base: z.string(),
    model: z.string().optional(),
  }),
  /** It ended with work: `commit` holds the harvest, not landed yet. */
  coding.extend({
    type: z.literal('code.finished'),
    commit: z.string(),
    files: z.int().nonnegative(),
    agent: AgentReport,
    /** Wording of holdouts in it; left out when there is none. */
    overlaps: z.array(Overlap).optional(),
  }),
  /** The harvest is being merged onto the run branch. */
  unit.extend({ type: z.literal('land.started') }),
  /** It is on the run branch. `serverSide`: the running service does not yet have it. */
  unit.extend({
    type: z.literal('land.finished'),
    commit: z.string(),
    files: z.int().nonnegative(),
    serverSide: z.boolean(),
    /** Tip of the run branch, where a killed process had landed it and something after it; else it is the commit. */
    head: z.string().optional(),
  }),
  /** It conflicts with what others landed; the next workspace holds the conflict. Costs no iteration. */
  unit.extend({ type: z.literal('land.conflicted'), paths: z.array(z.string()) }),
  /** The path policy refused it; the symptoms tell its agent. Costs the iteration. */
  unit.extend({ type: z.literal('land.refused'), symptoms: z.array(z.string()) }),

  /** The unit's scenarios are being compiled to checks. */
  unit.extend({ type: z.literal('checks.started') }),
  /** Frozen; `broken` scenarios have no check and stay inconclusive. */
  unit.extend({
    type: z.literal('checks.finished'),
    checks: z.array(FrozenCheck),
    broken: z.array(z.object({ scenario: z.string(), reason: z.string() })),
    agent: AgentReport.nullable(),
  }),

  /** The service under test is being started, restarted, or only asked for its health. */
  z.object({
    type: z.literal('service.started'),
    group: z.int(),
    action: z.enum(['start', 'restart', 'check']),
  }),
  /** It is healthy and serves `commit`. `declared`: by a person or a decision; otherwise discovered in `source`. */
  z.object({
    type: z.literal('service.ready'),
    group: z.int(),
    commit: z.string(),
    url: z.string(),
    source: z.string(),
  }),
  /** The product cannot be served: every landed unit of the round fails with this symptom. */
  z.object({
    type: z.literal('service.failed'),
    group: z.int(),
    symptom: z.string(),
    /** For a person: what was run, how it ended, its last line. */
    detail: z.string(),
    log: z.string().nullable(),
  }),
  /** It is not known how to start it, or what was discovered never worked; a person decides. */
  z.object({
    type: z.literal('service.unclear'),
    group: z.int(),
    question: Question,
    log: z.string().nullable(),
  }),

  /** The unit's checks run against `commit`; `aside`: on an instance of their own, as the group's service is measured by another unit. */
  unit.extend({
    type: z.literal('evaluation.started'),
    iteration: z.int(),
    commit: z.string(),
    aside: z.literal(true).optional(),
  }),
  /** Measured. `symptoms` are all that its code agent will ever learn of it. */
  unit.extend({
    type: z.literal('evaluation.finished'),
    iteration: z.int(),
    commit: z.string(),
    scenarios: z.array(ScenarioResult),
    symptoms: z.array(z.string()),
    /** The live evaluator's run in `report` mode; null when checks ran. */
    agent: AgentReport.nullable(),
  }),

  ...OPINION_FACTS,
  ...LIMIT_FACTS,

  /** The ordered gate runs for units that passed; without a group, once more at the end of the run. */
  z.object({
    type: z.literal('gate.started'),
    group: z.int().nullable(),
    units: z.array(UnitId),
  }),
  /** `blamed` units go back with their symptoms; the others are complete once their box is ticked. */
  GateReport.extend({ type: z.literal('gate.finished'), group: z.int().nullable() }),
  /** The sealed scenarios are measured, at the end of the run. */
  z.object({ type: z.literal('sealed.started'), units: z.array(UnitId) }),
  /** Measured at `commit`; nothing of it is ever fed back. */
  z.object({
    type: z.literal('sealed.finished'),
    commit: z.string(),
    units: z.array(unit.extend({ scenarios: z.array(ScenarioResult) })),
  }),

  /** Intent to edit `manifest.md`, hashes (sha256) of the whole file before and after. */
  z.object({
    type: z.literal('manifest.editing'),
    tick: z.array(UnitId),
    status: ManifestStatus,
    before: z.string(),
    after: z.string(),
  }),
  /** Done: committed on the run branch (null where the spec is not in git) and projected into the checkout. */
  z.object({
    type: z.literal('manifest.edited'),
    tick: z.array(UnitId),
    status: ManifestStatus,
    commit: z.string().nullable(),
  }),

  /** A person is needed. */
  z.object({ type: z.literal('question.asked'), question: Question }),
  /** Answered. */
  z.object({
    type: z.literal('decision.made'),
    subject: z.union([z.literal('service'), UnitId]),
    decision: Decision,
    by: z.enum(['prompt', 'decide', 'policy']),
  }),

  /** An operation failed for reasons outside the product; it is tried again, or the run stops. */
  z.object({
    type: z.literal('infra.failed'),
    operation: Operation,
    unit: UnitId.optional(),
    detail: z.string(),
    agent: AgentReport.optional(),
  }),
  /** Something a person should know that changes nothing. */
  z.object({ type: z.literal('run.noted'), message: z.string() }),
]);
export type RunFact = z.infer<typeof RunFact>;

/** The one typed, serialisable record of a change: journalled, then evolved, then published. */
export const RunEvent = z.intersection(
  z.object({
    /** 1-based, without gaps. */
    seq: z.int().min(1),
    /** When, ISO 8601 in UTC. */
    at: z.string(),
    /** Which run. */
    run: z.string(),
    /** By how many ms the clock moved since the event before while no time passed: the machine was asleep, or its clock was set. */
    jumped: z.number().optional(),
  }),
  RunFact,
);
export type RunEvent = z.infer<typeof RunEvent>;

export type EventOf<T extends RunFact['type']> = Extract<RunFact, { type: T }>;
