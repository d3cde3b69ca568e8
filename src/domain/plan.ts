import { z } from 'zod';
import { ManifestStatus, Priority, UnitId } from './manifest.ts';

/** What a run set out to do, frozen at its start: everything `evolve` and `next` need to know of manifest and options. */
export const Plan = z.object({
  spec: z.string(),
  title: z.string(),
  threshold: z.number().positive().max(1),
  maxIterations: z.int().min(1),
  /** Agents at work at once, at most. */
  slots: z.int().min(1),
  /** How often one operation may fail for reasons of infrastructure, and the first pause (ms; ×4 each time). */
  infra: z.object({ retries: z.int().nonnegative(), backoffMs: z.int().nonnegative() }),
  /** `checks`: compiled once, executed by the runtime; `report`: a live evaluator, parsed fail-closed. */
  evaluation: z.enum(['checks', 'report']),
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
      scenarios: z.array(z.object({ name: z.string(), priority: Priority })),
    }),
  ),
});
export type Plan = z.infer<typeof Plan>;
