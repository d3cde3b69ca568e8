import { isAborted, type RunState } from '../domain/index.ts';
import { waitingQuestion } from './answered.ts';
import { runCommand } from './judgement.ts';
import type { RunView } from './run-view.ts';
import { oneLine, quoted } from './words.ts';

/** A run branch whose run no journal tells of. */
export interface Found {
  readonly name: string;
  /** Everything on it is part of what is checked out. */
  readonly merged: boolean;
  /** Its run came to its end. */
  readonly over: boolean;
}

/** One line: what goes on with a spec, or how its last run went and how to go on. */
export function activity(
  view: RunView,
  working: { readonly pid: number; readonly host: string } | null,
  found: Found | null = null,
): string {
  const { state, chronicle } = view;
  if (working !== null)
    return `a run is at work: process ${String(working.pid)} on ${working.host}`;
  if (chronicle.began === null) return unrecorded(state, found);
  if (state.halt?.kind === 'tripped')
    return `the last run is INVALID, the barrier tripped${state.halt.unit === null ? '' : ` by ${state.halt.unit}`}: ${oneLine(state.halt.what)} (${oneLine(state.halt.where)})`;
  if (chronicle.ending === 'finished')
    return `the last run is over: ${state.outcome ?? 'finished'}`;
  if (isAborted(state)) return aborted(state);
  if (chronicle.ending === 'paused' && waitingQuestion(view) === null)
    return `nothing runs: what was asked is answered; go on with: ${runCommand(state)}`;
  if (chronicle.ending === 'paused')
    return `nothing runs: a decision is waited for; once it is made, go on with: ${runCommand(state)}`;
  if (chronicle.ending === 'budget')
    return `nothing runs: a budget is used up; with a larger one, go on with: ${runCommand(state)}`;
  if (state.halt?.kind === 'infra')
    return `nothing runs: the last run was stopped by infrastructure: ${oneLine(state.halt.detail)}; go on with: ${runCommand(state)}`;
  return `nothing runs: the last run was interrupted; go on with: ${runCommand(state)}`;
}

/** Its process did not come to tell the manifest. */
function aborted(state: RunState): string {
  const stopped =
    state.halt?.kind === 'infra'
      ? `, and it was stopped by infrastructure: ${oneLine(state.halt.detail)}`
      : '';
  return `nothing runs: a person has aborted the last run${stopped}; what brings it to its end: ${runCommand(state)}`;
}

function unrecorded(state: RunState, found: Found | null): string {
  const { plan, manifest, branch } = state;
  const run = runCommand(state);
  if (found !== null) {
    if (found.merged)
      return `no journal of its run is here; everything on ${found.name} is part of what is checked out`;
    const next = found.over
      ? `implement-factory finish ${quoted(plan.spec)} --merge | --pr | --leave`
      : run;
    return `no journal of its run is here; its work is on ${found.name}, go on with: ${next}`;
  }
  if (branch !== '') return `the manifest was changed after the last run; go on with: ${run}`;
  if (manifest.status === 'completed') return 'no journal of its run is here, and no run branch';
  return `not run yet; start it with: ${run}`;
}
