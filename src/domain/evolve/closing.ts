import type { EventOf } from '../event.ts';
import type { Operation } from '../operation.ts';
import type { Closing, RunState } from '../state.ts';

/** What is left to do at the end of a run, changed. */
export const closes = (state: RunState, change: Partial<Closing>): RunState => ({
  ...state,
  closing: { ...state.closing, ...change },
});

/** The sealed scenarios, measured; a unit that has none is not named. */
export const unsealed = (state: RunState, { units }: EventOf<'sealed.finished'>): RunState => ({
  ...closes(state, { sealed: 'done' }),
  sealed: Object.fromEntries(units.map(({ unit, scenarios }) => [unit, scenarios])),
});

/** What was in flight of the end of a run is due again. */
export const reopened = ({ gate, sealed, ...rest }: Closing): Closing => ({
  ...rest,
  gate: gate === 'running' ? 'due' : gate,
  sealed: sealed === 'running' ? 'due' : sealed,
});

/** Operations of the end of a run, which are due again when they fail. */
export const endsTheRun = (operation: Operation): boolean =>
  operation === 'gate' || operation === 'sealed';
