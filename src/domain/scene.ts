import type { Operation } from './operation.ts';
import type { UnitId } from './manifest.ts';
import { operationKey, type GroupState, type RunState, type UnitRecord } from './state.ts';

/** What deciding about a group looks at. */
export interface Scene {
  readonly state: RunState;
  readonly group: GroupState;
  readonly units: readonly UnitRecord[];
}

/** Pause asked for after failures in a row: 0, b, 4b, 16b … */
export function delay(state: RunState, operation: Operation, unit?: UnitId): number {
  const times = state.infra[operationKey(operation, unit)] ?? 0;
  return times === 0 ? 0 : state.plan.infra.backoffMs * 4 ** (times - 1);
}
