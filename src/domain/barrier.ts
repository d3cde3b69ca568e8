import { z } from 'zod';

/** What was asked for: `auto` is a sandbox or a refusal, `strict` more than that, `advisory` none. */
export const BarrierMode = z.enum(['strict', 'auto', 'advisory']);
export type BarrierMode = z.infer<typeof BarrierMode>;

/** How the barrier is held up in one process. */
export const Barrier = z.object({
  mode: BarrierMode,
  /** `bwrap`: by the system. `advisory`: by blind workspaces alone; every process is the user's. */
  tier: z.enum(['bwrap', 'advisory']),
  /** One line for a person: what the sandbox is, or why there is none. */
  detail: z.string(),
});
export type Barrier = z.infer<typeof Barrier>;

/** A run that was once advisory stays so, whatever came before or after. */
export const weaker = (one: Barrier | null, other: Barrier): Barrier =>
  one?.tier === 'advisory' ? one : other;
