import type { RunState, UnitRecord, UnitState } from './state.ts';

/** Whether any operation has started and not ended; of those that units have, only with these units. */
export function inFlight(state: RunState, units: readonly UnitRecord[] = state.units): boolean {
  return (
    state.manifest.editing !== null ||
    state.audit.busy !== null ||
    state.group?.service.kind === 'busy' ||
    state.group?.gate === 'running' ||
    state.closing.gate === 'running' ||
    state.closing.sealed === 'running' ||
    units.some(({ state: unit, checks }) => isBusy(unit) || checks.kind === 'compiling')
  );
}

const isBusy = (unit: UnitState): boolean =>
  unit.phase === 'coding' ||
  unit.phase === 'evaluating' ||
  (unit.phase === 'doubted' && unit.asking) ||
  (unit.phase === 'coded' && unit.landing);
