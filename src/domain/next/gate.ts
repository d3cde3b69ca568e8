import type { Command } from '../command.ts';
import type { Proof } from '../gate.ts';
import type { UnitId } from '../manifest.ts';
import { holdoutsOf } from '../plan.ts';
import { plannedUnit } from '../records.ts';
import { delay, type Scene } from './scene.ts';
import type { RunState, UnitRecord } from '../state.ts';

/** When nothing of the group is being built or measured, what has passed goes through the gate. */
export function gate({ state, group, units }: Scene): readonly Command[] {
  const moving = units.some(({ state: { phase } }) =>
    ['pending', 'coding', 'coded', 'landed', 'evaluating', 'doubted'].includes(phase),
  );
  const passed = units.filter(({ state: { phase } }) => phase === 'passed').map(({ id }) => id);
  if (moving || group.gate === 'running' || passed.length === 0) return [];
  return [gateOf(state, group.number, passed)];
}

/** Once more at the very end, then the sealed scenarios; `done` when both are through. */
export function closing(state: RunState): 'done' | readonly Command[] {
  const { gate: last, sealed } = state.closing;
  if (last === 'due') return [gateOf(state, null, [])];
  if (last === 'running' || sealed === 'running') return [];
  if (sealed === 'done') return 'done';
  const units = state.units.flatMap((record) => sealedOf(state, record));
  if (units.length === 0) return 'done';
  return [{ do: 'measure sealed', commit: state.head, units, delayMs: delay(state, 'sealed') }];
}

const gateOf = (state: RunState, group: number | null, units: readonly UnitId[]): Command => ({
  do: 'gate',
  group,
  units,
  completed: state.units.filter(isThrough).map(({ id }) => id),
  commit: state.head,
  proven: state.proven,
  landings: state.landings,
  proofs: proofsOf(state),
  accepted: state.accepted,
  delayMs: delay(state, 'gate'),
});

/** Everything that was measured as passed and must hold still. */
export const proofsOf = (state: RunState): readonly Proof[] => [
  ...state.inherited,
  ...state.units.flatMap(proofOf),
];

const isThrough = ({ state }: UnitRecord): boolean =>
  state.phase === 'completed' || (state.phase === 'gate' && state.cleared);

/** What a unit that is through, or about to be, was measured by and passed. */
function proofOf({ id, state: { phase }, checks, holds, scenarios }: UnitRecord): Proof[] {
  if (holds === null || checks.kind !== 'frozen') return [];
  if (phase !== 'completed' && phase !== 'passed' && phase !== 'gate') return [];
  const passed = new Set(
    scenarios.filter(({ outcome }) => outcome === 'passed').map(({ name }) => name),
  );
  const kept = checks.checks.filter(({ scenario }) => passed.has(scenario));
  return kept.length === 0 ? [] : [{ unit: id, at: holds, checks: kept }];
}

/** A unit that this run built, completed or not: what is on the branch of it is what people get. */
function sealedOf(state: RunState, { id, checks, attempts }: UnitRecord) {
  if (attempts === 0 || checks.kind !== 'frozen') return [];
  const holdouts = new Set(holdoutsOf(plannedUnit(state, id)).map(({ name }) => name));
  const isSealed = ({ scenario }: { readonly scenario: string }) => !holdouts.has(scenario);
  const [own, broken] = [checks.checks.filter(isSealed), checks.broken.filter(isSealed)];
  return own.length + broken.length === 0 ? [] : [{ unit: id, checks: own, broken }];
}
