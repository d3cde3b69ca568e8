import { replay, ok, type Problem, type Result, type RunState } from '../../domain/index.ts';
import { isOver, type OpenRun, type Store } from '../../journal/index.ts';
import { sweepMarker } from '../../process/index.ts';
import { EXIT } from '../exit.ts';
import { changedInputs, inputsOf } from './plan.ts';
import type { Prepared } from './prepare.ts';
import { refused, type Refusal } from '../refusal.ts';
import { leaveMissingReceipt } from './receipt.ts';
import type { World } from '../world.ts';

/** A run that was begun and has not come to its end. */
export interface Unfinished {
  readonly log: OpenRun;
  readonly state: RunState;
}

/** How a person lets go of the last run. */
export interface Beginning {
  /** It is left if it does not fit any more. */
  readonly acceptChanges: boolean;
  /** It is left in any case. */
  readonly fresh: boolean;
}

/** The last run, open for writing, if it can go on; what it is measured by must be what it was. */
export async function unfinishedRun(
  world: World,
  prepared: Prepared,
  { store, acceptChanges, fresh }: Beginning & { readonly store: Store },
): Promise<Result<Unfinished | null, Refusal>> {
  const last = store.lastRun(prepared.location.name);
  if (!last.ok) return refused(last.error);
  if (last.value === null) return ok(null);
  const log = store.openRun(last.value);
  if (!log.ok) return refused(log.error);
  const state = replay(log.value.events);
  if (state === null || isOver(log.value.events)) {
    log.value.close();
    await leaveMissingReceipt(world, prepared, log.value);
    return ok(null);
  }
  // What a killed process left behind would still write into workspaces that are about to be made again, by this run or the next.
  await sweepMarker(log.value.id);
  const invalid = tripped(state);
  if (fresh || invalid !== null) {
    log.value.close();
    return invalid === null || fresh ? ok(null) : refused(invalid, EXIT.tripped);
  }
  const obstacle = otherEvaluation(state, prepared) ?? (await changedSince(state, prepared));
  if (obstacle === null) return ok({ log: log.value, state });
  log.value.close();
  return acceptChanges ? ok(null) : refused(obstacle);
}

/** A run whose barrier was breached proves nothing, however it would end. */
function tripped({ halt, plan: { spec }, branch }: RunState): Problem | null {
  if (halt?.kind !== 'tripped') return null;
  const { what, where, unit } = halt;
  const landed =
    branch === '' ? '' : ` What landed before is on ${branch}: look it over, or delete the branch.`;
  return {
    where: spec,
    what: `Its last run is invalid, the barrier tripped${unit === null ? '' : ` by ${unit}`}: ${what} (${where}).`,
    remedy: `Close that way, then begin a new run with --fresh: ticked units stay completed, open ones start again.${landed}`,
  };
}

/** How verdicts are made is part of the plan: two ways in one run could not be compared. */
function otherEvaluation({ plan }: RunState, { location, settings }: Prepared): Problem | null {
  if (plan.evaluation === settings.evaluation) return null;
  return {
    where: location.name,
    what: `Its run began with --evaluation ${plan.evaluation}, and cannot go on with ${settings.evaluation}.`,
    remedy: `Resume it with --evaluation ${plan.evaluation}, or begin a new run with --accept-changes: ticked units stay completed, open ones start again.`,
  };
}

async function changedSince(
  { inputs }: RunState,
  { location, spec }: Prepared,
): Promise<Problem | null> {
  const changed = changedInputs(inputs, await inputsOf(spec));
  if (changed.length === 0) return null;
  return {
    where: location.name,
    what: `The spec changed since its run began: ${changed.slice(0, 10).join(', ')}${changed.length > 10 ? `, and ${changed.length - 10} more` : ''}.`,
    remedy:
      'Undo the change to resume, or go on with --accept-changes: ticked units stay completed, open ones start again.',
  };
}
