import type { Operation } from '../operation.ts';
import type { UnitId } from '../manifest.ts';
import { scatter } from './scatter.ts';
import { operationKey, type GroupState, type RunState, type UnitRecord } from '../state.ts';

/** What deciding about a group looks at. */
export interface Scene {
  readonly state: RunState;
  readonly group: GroupState;
  readonly units: readonly UnitRecord[];
}

/** Pause asked for after failures in a row: 0, b, 4b, 16b … and up to a quarter more, so that units do not come back all at once. */
export function delay(state: RunState, operation: Operation, unit?: UnitId): number {
  const key = operationKey(operation, unit);
  const times = state.infra[key] ?? 0;
  if (times === 0) return 0;
  const pause = state.plan.infra.backoffMs * 4 ** (times - 1);
  return Math.round(pause * (1 + scatter(state, `${key}${times}`) / 4));
}
