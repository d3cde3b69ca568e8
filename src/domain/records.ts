import type { FrozenCheck } from './check.ts';
import type { UnitId } from './manifest.ts';
import type { PlannedUnit } from './plan.ts';
import type { Charge } from './purse.ts';
import type { RunState, UnitRecord, UnitState } from './state.ts';

/** A group's units, in manifest order. */
export function idsOf({ plan }: RunState, number: number): readonly UnitId[] {
  const group = plan.groups.find((candidate) => candidate.number === number);
  if (group === undefined) throw new Error(`Internal error: no group ${number}`);
  return group.units;
}

/** Their records. */
export const unitsOf = (state: RunState, number: number): readonly UnitRecord[] =>
  idsOf(state, number).map((id) => recordOf(state, id));

export function recordOf(state: RunState, id: string): UnitRecord {
  const position = state.index[id];
  const record = position === undefined ? undefined : state.units[position];
  if (record === undefined) throw new Error(`Internal error: no unit ${id}`);
  return record;
}

/** What the plan says of a unit. */
export function plannedUnit({ plan, index }: RunState, id: string): PlannedUnit {
  const unit = plan.units[index[id] ?? -1];
  if (unit === undefined) throw new Error(`Internal error: no unit ${id}`);
  return unit;
}

/** What agents of a unit consumed, as budgets count it. */
export function chargeOf({ purse, index }: RunState, id: string): Charge {
  const charge = purse.spent[index[id] ?? -1];
  if (charge === undefined) throw new Error(`Internal error: no unit ${id}`);
  return charge;
}

/** Nothing is left to do for it. */
export const isTerminal = ({ state: { phase } }: UnitRecord): boolean =>
  phase === 'completed' || phase === 'skipped';

/** A unit's checks that are frozen already. */
export const keptChecks = ({ checks }: UnitRecord): readonly FrozenCheck[] =>
  checks.kind === 'frozen' ? checks.checks : checks.kept;

/** The record's state, which must be in this phase. */
export function expecting<P extends UnitState['phase']>(
  record: UnitRecord,
  phase: P,
): Extract<UnitState, { phase: P }> {
  if (record.state.phase !== phase)
    throw new Error(
      `Internal error: unit ${record.id} is ${record.state.phase}, expected ${phase}`,
    );
  return record.state as Extract<UnitState, { phase: P }>;
}

export type Move = (record: UnitRecord) => UnitRecord;

/** The state with one record moved; O(units) in pointers only. */
export function change(state: RunState, id: string, move: Move): RunState {
  const position = state.index[id];
  const record = position === undefined ? undefined : state.units[position];
  if (position === undefined || record === undefined)
    throw new Error(`Internal error: no unit ${id}`);
  const { purse, watchdog, limits } = state;
  return renewed(state, {
    units: state.units.with(position, move(record)),
    purse,
    watchdog,
    limits,
  });
}

/**
 * The state with those parts anew that nearly every event moves. Written out, because at every event it counts: in Node.js 20 a
 * spread of as many fields takes twenty times as long.
 */
export const renewed = (
  state: RunState,
  { units, purse, watchdog, limits }: Pick<RunState, 'units' | 'purse' | 'watchdog' | 'limits'>,
): RunState => ({
  plan: state.plan,
  flags: state.flags,
  branch: state.branch,
  base: state.base,
  inputs: state.inputs,
  head: state.head,
  delivered: state.delivered,
  index: state.index,
  units,
  group: state.group,
  finishedGroups: state.finishedGroups,
  manifest: state.manifest,
  landings: state.landings,
  proven: state.proven,
  inherited: state.inherited,
  gateSpend: state.gateSpend,
  violations: state.violations,
  accepted: state.accepted,
  closing: state.closing,
  sealed: state.sealed,
  serviceStart: state.serviceStart,
  infra: state.infra,
  audit: state.audit,
  purse,
  limits,
  watchdog,
  halt: state.halt,
  outcome: state.outcome,
});

export const eachNamed = (state: RunState, ids: readonly string[], move: Move): RunState =>
  ids.reduce((folded, id) => change(folded, id, move), state);

export const eachUnit = (state: RunState, move: Move): RunState => ({
  ...state,
  units: state.units.map(move),
});
