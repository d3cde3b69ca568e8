import { z } from 'zod';
import { AgentReport } from './agent.ts';
import { FrozenCheck } from './check.ts';
import { UnitId } from './manifest.ts';

export const GateStep = z.object({
  name: z.enum(['verify', 'regression', 'constitution']),
  outcome: z.enum(['passed', 'failed', 'skipped']),
  /** One line for a person. */
  detail: z.string(),
  /** Tests as counted in the output of `verify:`, where its runner prints a closing line that we know. */
  tests: z.object({ passed: z.int(), failed: z.int() }).optional(),
  /** Some or all of it was seen on this very product before and not run again; the detail tells how much. */
  reused: z.boolean().optional(),
  /** What a person should know even where it passed. */
  notes: z.array(z.string()).optional(),
});
export type GateStep = z.infer<typeof GateStep>;

/** L1 sends the unit back, L2 asks a person, L3 is only reported. */
export const RuleLevel = z.enum(['L1', 'L2', 'L3']);
export type RuleLevel = z.infer<typeof RuleLevel>;

/** A place of the product that a rule of CONSTITUTION.md forbids. All of it is public: the project's own law, and its own files. */
export const Violation = z.object({
  /** The same while rule, file and the text of the line stay. */
  id: z.string(),
  /** What the rule is called. */
  rule: z.string(),
  level: RuleLevel,
  /** The rule's own. */
  message: z.string(),
  file: z.string(),
  /** 1-based; null: the file as a whole. */
  line: z.int().min(1).nullable(),
  /** Whose landing brought it; null: it was there before the run. */
  unit: UnitId.nullable(),
});
export type Violation = z.infer<typeof Violation>;

/** Landed work that was taken out of the run branch again, because the gate failed by it. */
export const BackedOut = z.object({
  unit: UnitId,
  /** Tip of the run branch afterwards. */
  commit: z.string(),
  /** The landings that are undone. */
  landings: z.array(z.string()),
  /** A harvest of what was taken out: the unit's next workspace begins with it. */
  work: z.string(),
});
export type BackedOut = z.infer<typeof BackedOut>;

/** What came of a gate. */
export const GateReport = z.object({
  /** The product that was looked at last: the tip of the run branch, whatever was backed out. */
  commit: z.string(),
  steps: z.array(GateStep),
  /** Units that go back, with one line each; a unit may be named more than once. */
  blamed: z.array(z.object({ unit: UnitId, symptom: z.string() })),
  /** Units that a person decides about. */
  escalated: z.array(
    z.object({
      unit: UnitId,
      kind: z.enum(['violation', 'inconclusive', 'gate']),
      detail: z.string(),
    }),
  ),
  /** Units that pass no more by the work of somebody who is blamed: they go through the gate with them. */
  waiting: z.array(UnitId),
  backedOut: z.array(BackedOut),
  violations: z.array(Violation),
  /** Agents that judged by the constitution. */
  agents: z.array(AgentReport),
  /** Units whose scenarios were seen to pass at `commit`. */
  holding: z.array(UnitId),
  /** Whether the project's own checks pass at `commit`, or there are none. */
  proven: z.boolean(),
  /** Whether the product as a whole may go on: only then units that nobody blames are complete. */
  through: z.boolean(),
});
export type GateReport = z.infer<typeof GateReport>;

/** One landing of the run, in order. */
export interface Landed {
  readonly unit: UnitId;
  /** A commit of the run branch that has it. */
  readonly commit: string;
  /** Backed out since. */
  readonly undone: boolean;
}

/** A commit at which something was seen to hold, and how many landings there were by then. */
export interface Proven {
  readonly commit: string;
  readonly landings: number;
}

/** A unit's checks that passed, and where they did. */
export interface Proof {
  readonly unit: UnitId;
  readonly at: Proven;
  readonly checks: readonly FrozenCheck[];
}

/** Checks that a unit passed in an earlier run, which completed it. */
export const Inherited = z.object({ unit: UnitId, checks: z.array(FrozenCheck) });
export type Inherited = z.infer<typeof Inherited>;

/** What a gate needs to know. */
export interface GateTask {
  /** Null: the gate at the end of the run. */
  readonly group: number | null;
  /** Units that passed and want to be complete. */
  readonly units: readonly UnitId[];
  /** Units whose box is ticked, or about to be: their work is never taken out. */
  readonly completed: readonly UnitId[];
  /** The product. */
  readonly commit: string;
  /** Where the project's own checks were last seen to pass; the base of the run before the first gate. */
  readonly proven: Proven;
  readonly landings: readonly Landed[];
  /** What must still hold. */
  readonly proofs: readonly Proof[];
  /** Ids of violations that a person accepted. */
  readonly accepted: readonly string[];
}

/** The landings as they stand when work is backed out: what landed after it is, without it, on the commit that took it out. */
export function withoutWorkOf(landings: readonly Landed[], gone: BackedOut): readonly Landed[] {
  const ids = new Set(gone.landings);
  const isGone = ({ unit, commit }: Landed) => unit === gone.unit && ids.has(commit);
  const first = landings.findIndex(isGone);
  return landings.map((landed, at) => {
    if (isGone(landed)) return { ...landed, undone: true };
    return first !== -1 && at > first ? { ...landed, commit: gone.commit } : landed;
  });
}
