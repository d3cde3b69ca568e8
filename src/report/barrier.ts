import type { Barrier, BaseAudit, EventOf, Hunt, RunState } from '../domain/index.ts';
import { runCommand } from './judgement.ts';
import { count, listed, oneLine, quoted, short } from './words.ts';

/** How the barrier is held up; what is advisory is shouted, because nothing else about a run would show it. */
export const barrierLine = (barrier: Barrier): string => `barrier: ${barrierWords(barrier)}`;

export const barrierWords = ({ mode, tier, detail }: Barrier): string =>
  tier === 'advisory'
    ? `ADVISORY, ${oneLine(detail)}`
    : `${mode === 'strict' ? 'strict, ' : ''}${oneLine(detail)}`;

/** What an audit of a commit says to a person; the hunt, which comes once, and whatever was found. */
export function auditLines({ base, holdouts, shared, hunt }: BaseAudit): readonly string[] {
  const store = `audit: agents' repository of ${short(base)} holds ${shared.length === 0 ? 'none' : String(shared.length)} of ${count(holdouts, 'holdout file')}`;
  if (hunt === null) return shared.length === 0 ? [] : [store];
  return [store, huntLine(hunt)];
}

function huntLine({ tier, found, complete }: Hunt): string {
  const ways = [...new Set(found.map(({ by }) => by))];
  const whole = complete ? '' : ', which ran out of time or bytes';
  if (tier === 'advisory')
    return `audit: the barrier is advisory; a hunt from an agent's place${whole} found holdouts by ${ways.length === 0 ? 'no way' : listed(ways, 8)}`;
  return `audit: a hunt inside the sandbox${whole} found ${found.length === 0 ? 'nothing' : listed(found.map(({ what }) => oneLine(what)))}`;
}

export const tripLines = ({ unit, what, where }: EventOf<'run.tripped'>): readonly string[] => [
  `BARRIER TRIPPED${unit === null ? '' : ` by ${unit}`}: ${oneLine(what)}`,
  `    ${oneLine(where)}`,
];

/** Wording of scenarios in an agent's work: for a person to look at. */
export const overlapLines = ({
  unit,
  overlaps = [],
}: EventOf<'code.finished'>): readonly string[] =>
  overlaps.map(
    ({ where, holdout, shared, of }) =>
      `${unit}: finding: ${oneLine(where)} has ${String(shared)} of ${String(of)} word sequences of ${oneLine(holdout)}, which its agent was not told`,
  );

/** How a person gets out of a run that is invalid. */
export const waysOut = (state: RunState): readonly string[] => [
  `Look at what was found, and close the way that led to it (what a code agent may never see: docs/barrier.md).`,
  ...(state.branch === ''
    ? []
    : [
        `What landed before is on ${state.branch}; look it over, or drop it with: git branch -D ${quoted(state.branch)}`,
      ]),
  `Begin a new run with: ${runCommand(state)} --fresh (ticked boxes stay ticked, open units start again)`,
];
