import { linesFor } from './lines.ts';
import type { Reporter } from './reporter.ts';

/** For pipes and CI: a line per noteworthy event, no colour, nothing that is redrawn. */
export const plainReporter = (write: (text: string) => void): Reporter => ({
  name: 'plain',
  report(moment) {
    const lines = linesFor(moment);
    if (lines.length > 0) write(`${lines.join('\n')}\n`);
  },
  close() {
    // Nothing is held back.
  },
});
