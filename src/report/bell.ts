import { callOf } from './calls.ts';
import type { Reporter } from './reporter.ts';

/**
 * Calls a person who looks elsewhere: the bell of the terminal, and OSC 9, which many terminals show as a notification and the others leave
 * out. For terminals only; who stops a run from the terminal needs no call.
 */
export const bellReporter = (write: (text: string) => void): Reporter => ({
  name: 'bell',
  report(moment) {
    const { event } = moment;
    const words = event.type === 'run.stopped' && event.reason === 'signal' ? null : callOf(moment);
    if (words !== null) write(`\u0007\u001B]9;${words}\u0007`);
  },
  close() {
    // Nothing is held back.
  },
});
