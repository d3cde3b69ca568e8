import { z } from 'zod';

/** What may be spent at most; left out: as much as it takes. */
const Limits = z.object({
  usd: z.number().positive().optional(),
  /** Input and output together. */
  tokens: z.int().positive().optional(),
  /** Of a run: while a process is at work on it. Of a unit: while an agent is. */
  ms: z.number().positive().optional(),
});

/** What a run and each of its units may spend, and the worst that one agent can do. */
export const Budget = z.object({
  run: Limits,
  unit: Limits,
  agent: z.object({ usd: z.number().positive().nullable(), ms: z.number().positive() }),
});
export type Budget = z.infer<typeof Budget>;

/** Caps of one agent that are tighter than usual, because of what is left. */
export interface Allotment {
  readonly usd: number | null;
  readonly ms: number;
}
