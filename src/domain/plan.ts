import { z } from 'zod';
import { Budget } from './budget.ts';
import { ManifestStatus, Priority, UnitId } from './manifest.ts';

/** The upper rung of the ladder of models. */
const Ladder = z.object({
  /** A model of the unit's own agent, or an agent with its model: `claude:opus`. */
  model: z.string().min(1),
  /** Iterations that fail before. */
  after: z.int().min(1),
});
export type Escalation = z.infer<typeof Ladder>;

/** What a run set out to do, frozen at its start: everything `evolve` and `next` need to know of manifest and options. */
export const Plan = z.object({
  spec: z.string(),
  title: z.string(),
  threshold: z.number().positive().max(1),
  maxIterations: z.int().min(1),
  /** A unit with a failed P0 scenario is not satisfied, whatever its share of passed ones. */
  requireP0: z.boolean(),
  /** Agents at work at once, at most. */
  slots: z.int().min(1),
  /** Whether units of a group are measured at the same time, as many as there are slots; left out: one after the other. */
  parallelEval: z.boolean().optional(),
  /** How often one operation may fail for reasons of infrastructure, and the first pause (ms; ×4 each time). */
  infra: z.object({ retries: z.int().nonnegative(), backoffMs: z.int().nonnegative() }),
  /** How long code runs of a unit took in earlier runs, ms; those that are not known are left out. */
  expected: z.record(z.string(), z.number().nonnegative()).optional(),
  /** A stronger model for code runs of a unit that has failed so many iterations. */
  escalate: Ladder.optional(),
  /** Iterations without progress in a row before a person is asked; left out or 0: only `maxIterations` ends them. */
  patience: z.int().nonnegative().optional(),
  /** `checks`: compiled once, executed by the runtime; `report`: a live evaluator, parsed fail-closed. */
  evaluation: z.enum(['checks', 'report']),
  /** Left out in journals of versions that had none. */
  budget: Budget.optional(),
  /** Who codes and who writes checks or evaluates, as settings name them. */
  agents: z.object({ code: z.string(), evaluation: z.string() }).optional(),
  /** Whether a service may be needed at all. */
  service: z.enum(['none', 'possible']),
  /** What the manifest said when the run began. */
  status: ManifestStatus,
  groups: z.array(
    z.object({
      number: z.int(),
      mode: z.enum(['parallel', 'sequential']),
      units: z.array(UnitId),
    }),
  ),
  units: z.array(
    z.object({
      id: UnitId,
      title: z.string(),
      after: z.array(UnitId),
      /** The box was ticked already: completed by an earlier run. */
      done: z.boolean(),
      scenarios: z.array(
        z.object({
          name: z.string(),
          priority: Priority,
          /** Measured once, at the end, and never fed back. */
          sealed: z.boolean(),
        }),
      ),
    }),
  ),
});
export type Plan = z.infer<typeof Plan>;

/** What of a plan is no measure of the result: a later call may say something else. */
export const Adjustable = Plan.pick({
  slots: true,
  parallelEval: true,
  infra: true,
  patience: true,
  service: true,
  budget: true,
  agents: true,
  escalate: true,
});

export type PlannedUnit = Plan['units'][number];

/** What a unit has to satisfy. */
export interface Demands {
  /** Share of passed scenarios, 0 < t ≤ 1. */
  readonly threshold: number;
  /** Names of the scenarios that no share of others outvotes. */
  readonly musts: ReadonlySet<string>;
}

/** Scenarios that decide about a unit and whose failures are fed back; the sealed ones are none of them. */
export const holdoutsOf = ({ scenarios }: PlannedUnit): PlannedUnit['scenarios'] =>
  scenarios.filter(({ sealed }) => !sealed);

export function demandsOn({ threshold, requireP0 }: Plan, unit: PlannedUnit): Demands {
  const musts = requireP0 ? holdoutsOf(unit).filter(({ priority }) => priority === 'P0') : [];
  return { threshold, musts: new Set(musts.map(({ name }) => name)) };
}
