import { waitingQuestion } from './answered.ts';
import { runCommand } from './judgement.ts';
import type { RunView } from './run-view.ts';
import { oneLine } from './words.ts';

/** One line: what goes on with a spec, or how its last run went and how to go on. */
export function activity(
  view: RunView,
  working: { readonly pid: number; readonly host: string } | null,
): string {
  const { state, chronicle } = view;
  if (working !== null)
    return `a run is at work: process ${String(working.pid)} on ${working.host}`;
  if (chronicle.began === null) return `not run yet; start it with: ${runCommand(state)}`;
  if (state.halt?.kind === 'tripped')
    return `the last run is INVALID, the barrier tripped${state.halt.unit === null ? '' : ` by ${state.halt.unit}`}: ${oneLine(state.halt.what)} (${oneLine(state.halt.where)})`;
  if (chronicle.ending === 'finished')
    return `the last run is over: ${state.outcome ?? 'finished'}`;
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
