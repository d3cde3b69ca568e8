import type { Problem } from '../../domain/index.ts';
import { runCommand } from '../../report/index.ts';
import type { LastRun } from './last-run.ts';
import type { RunBranch } from './run-branch.ts';

/** Why a command has no journal to tell of (`purpose`: finish, report, …), and what can be done all the same. */
export function unrecorded(
  { location: { name }, view: { state } }: LastRun,
  branch: RunBranch | null,
  purpose: string,
): Problem {
  if (branch !== null)
    return {
      where: name,
      what: `No journal of its run is here (.factory/), so there is nothing to ${purpose}. Its work is on ${branch.name}.`,
      remedy: `See implement-factory status ${name}.`,
    };
  if (state.manifest.status === 'completed')
    return {
      where: name,
      what: `It is completed, but neither a journal of its run (.factory/) nor the branch factory/${name} is here, so there is nothing to ${purpose}.`,
      remedy: `If a remote has the branch, fetch it: git fetch <remote> factory/${name}:factory/${name}. To build a unit again, untick it.`,
    };
  return {
    where: name,
    what: `It was never run here, so there is nothing to ${purpose}.`,
    remedy: `Start it: ${runCommand(state)}`,
  };
}
