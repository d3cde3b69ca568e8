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
  return { ...state, units: state.units.with(position, move(record)) };
}

export const eachNamed = (state: RunState, ids: readonly string[], move: Move): RunState =>
  ids.reduce((folded, id) => change(folded, id, move), state);

export const eachUnit = (state: RunState, move: Move): RunState => ({
  ...state,
  units: state.units.map(move),
});
