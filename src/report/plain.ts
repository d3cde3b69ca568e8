import { linesFor } from './lines.ts';
import type { Reporter } from './reporter.ts';
import type { SummaryExtras } from './summary.ts';

/** For pipes and CI: a line per noteworthy event, no colour, nothing that is redrawn. `extras` is asked for each event. */
export const plainReporter = (
  write: (text: string) => void,
  extras: () => SummaryExtras = () => ({}),
): Reporter => ({
  name: 'plain',
  report(moment) {
    const lines = linesFor(moment, extras());
    if (lines.length > 0) write(`${lines.join('\n')}\n`);
  },
  close() {
    // Nothing is held back.
  },
});
