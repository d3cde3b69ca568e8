import type { Observation } from '../../barrier/index.ts';
import {
  ok,
  withoutWorkOf,
  type AgentReport,
  type BackedOut,
  type GateReport,
  type GateStep,
  type GateTask,
  type Infra,
  type Landed,
  type Result,
  type UnitId,
  type Violation,
} from '../../domain/index.ts';
import type { Aside } from '../verdict/aside.ts';
import type { VerifyResult } from './verify.ts';

/** What a gate works with; the composition root fills it in. */
export interface GateGround {
  /** Runs the project's own checks on a side tree of a commit; null where none are declared. */
  readonly verify:
    ((commit: string, signal: AbortSignal) => Promise<Result<VerifyResult, Infra>>) | null;
  readonly aside: Aside;
  /** Whether two commits of the run branch are the same product, file by file: between them only boxes were ticked. */
  readonly sameProduct: (one: string, other: string) => Promise<boolean>;
  /** Whether verdicts come from checks at all; a live evaluator's cannot be repeated. */
  readonly repeatable: boolean;
  /** Takes a unit's landings out of the run branch, by one commit. */
  readonly backOut: (
    unit: UnitId,
    landings: readonly [string, ...string[]],
  ) => Promise<
    Result<
      | { readonly kind: 'done'; readonly commit: string; readonly work: string }
      | { readonly kind: 'entangled'; readonly paths: readonly string[] },
      Infra
    >
  >;
  /** The barrier's: what the unit's agent may know of what was seen. */
  readonly symptoms: (unit: UnitId, seen: readonly Observation[]) => readonly string[];
  /** Holds what the run changed against CONSTITUTION.md; null where the project has none. */
  readonly constitution:
    ((commit: string, signal: AbortSignal) => Promise<Result<Lawfulness, Infra>>) | null;
  /** What earlier runs landed for units that were not complete when this one began, oldest first; `parent` is what it landed on. */
  readonly left: () => Promise<
    Result<
      readonly { readonly unit: UnitId; readonly commit: string; readonly parent: string }[],
      Infra
    >
  >;
  /** The barrier's: a violation as its agent is told of it. */
  readonly lawSymptom: (violation: Violation) => string;
}

/** What was found against the constitution. */
export interface Lawfulness {
  readonly violations: readonly Violation[];
  /** How many rules were applied. */
  readonly rules: number;
  /** What judging cost. */
  readonly agents: readonly AgentReport[];
  /** For a person: rules and files that were skipped, and why. */
  readonly notes: readonly string[];
}

export interface Inquiry {
  readonly ground: GateGround;
  readonly task: GateTask;
  readonly signal: AbortSignal;
}

/** How far a gate has come. */
export interface Standing {
  /** Tip of the run branch. */
  readonly commit: string;
  readonly landings: readonly Landed[];
  readonly backedOut: readonly BackedOut[];
  readonly blamed: GateReport['blamed'];
  readonly escalated: GateReport['escalated'];
  readonly waiting: readonly UnitId[];
  /** The project's own checks pass at `commit`. */
  readonly proven: boolean;
  /** Nothing is wrong that nobody could be blamed for. */
  readonly through: boolean;
}

/** A step, and where the gate stands after it. */
export type Stepped = Result<{ readonly standing: Standing; readonly step: GateStep }, Infra>;

export const standingOf = ({ commit, landings }: GateTask): Standing => ({
  commit,
  landings,
  backedOut: [],
  blamed: [],
  escalated: [],
  waiting: [],
  proven: true,
  through: true,
});

/** Landings that stand and came after the first `count`. */
export const since = (landings: readonly Landed[], count: number): readonly Landed[] =>
  landings.slice(count).filter(({ undone }) => !undone);

/** The first landing by which something fails, going through them one by one; null: none. */
export async function firstFailing(
  landings: readonly Landed[],
  fails: (commit: string) => Promise<Result<boolean, Infra>>,
): Promise<Result<Landed | null, Infra>> {
  for (const landed of landings) {
    const failed = await fails(landed.commit);
    if (!failed.ok) return failed;
    if (failed.value) return { ok: true, value: landed };
  }
  return { ok: true, value: null };
}

/** Which of the units that this run builds broke it in an earlier one; null: it is none of their doing. */
export async function brokenBefore(
  { left }: GateGround,
  fails: (commit: string) => Promise<Result<boolean, Infra>>,
): Promise<Result<{ readonly unit: UnitId } | null, Infra>> {
  const found = await left();
  if (!found.ok) return found;
  for (const { unit, commit, parent } of found.value.toReversed()) {
    const after = await fails(commit);
    if (!after.ok) return after;
    if (!after.value) return ok(null);
    const before = await fails(parent);
    if (!before.ok) return before;
    if (!before.value) return ok({ unit });
  }
  return ok(null);
}

/** Takes all that a unit landed since out of the branch; `false` where later work is built on it. */
export async function takeOut(
  { ground }: Inquiry,
  standing: Standing,
  { unit, from }: { readonly unit: UnitId; readonly from: number },
): Promise<Result<Standing | false, Infra>> {
  const own = since(standing.landings, from).filter((landed) => landed.unit === unit);
  const [first, ...rest] = [...new Set(own.map(({ commit }) => commit))];
  if (first === undefined) return { ok: true, value: false };
  const out = await ground.backOut(unit, [first, ...rest]);
  if (!out.ok) return out;
  if (out.value.kind === 'entangled') return { ok: true, value: false };
  const { commit, work } = out.value;
  const gone: BackedOut = { unit, commit, landings: [first, ...rest], work };
  const landings = withoutWorkOf(standing.landings, gone);
  return {
    ok: true,
    value: { ...standing, commit, landings, backedOut: [...standing.backedOut, gone] },
  };
}

/** Sends units back with what they are told; a unit that is not in the gate is nobody's to send. */
export function blame(
  { task }: Inquiry,
  standing: Standing,
  told: { readonly unit: UnitId; readonly symptoms: readonly string[] },
): Standing {
  if (!task.units.includes(told.unit)) return standing;
  const known = new Set(standing.blamed.map(({ unit, symptom }) => `${unit} ${symptom}`));
  const more = told.symptoms
    .filter((symptom) => !known.has(`${told.unit} ${symptom}`))
    .map((symptom) => ({ unit: told.unit, symptom }));
  return { ...standing, blamed: [...standing.blamed, ...more] };
}
