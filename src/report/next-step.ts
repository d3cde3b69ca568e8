import type { RunState } from '../domain/index.ts';
import { count, quoted } from './words.ts';

/** Where the work of a run is, as far as that says what can be done with it. */
export interface WorkPlace {
  /** Folder that finished groups were copied into; only where there is no run branch. */
  readonly copiedTo?: string;
  /** Everything on the run branch is part of what is checked out; what deletes it, if it is still there. */
  readonly merged?: { readonly deletion: string | null };
}

/** What can be done with the work as it is. */
export function finishLines(state: RunState, { copiedTo, merged }: WorkPlace): readonly string[] {
  const finish = `implement-factory finish ${quoted(state.plan.spec)}`;
  const open = state.units.filter((record) => record.state.phase !== 'completed').length;
  if (state.branch === '')
    return [
      ...(copiedTo === undefined ? [] : [`- ${copied(state, copiedTo)}`]),
      `- ${finish} --test | --review`,
    ];
  if (merged !== undefined)
    return [
      `- ${state.branch} is merged: everything on it is part of what is checked out${merged.deletion === null ? '' : `; it can be deleted: ${merged.deletion}`}`,
    ];
  const short = `${String(open)} of ${count(state.units.length, 'unit')} not completed`;
  return [`- ${finish} --merge | --pr | --leave${open === 0 ? '' : ` (as it is: ${short})`}`];
}

/** Without git: which groups the project has. */
function copied({ finishedGroups, outcome }: RunState, folder: string): string {
  if (outcome === 'completed') return `The result is in ${folder}.`;
  return finishedGroups.length === 0
    ? `Nothing was copied into ${folder}, because no group was finished; what landed is kept in .factory/.`
    : `In ${folder} is what was finished: group ${finishedGroups.join(', ')}; what else landed is kept in .factory/.`;
}
