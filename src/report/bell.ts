import type { Reporter } from './reporter.ts';
import { oneLine } from './words.ts';

/**
 * Calls a person who looks elsewhere: the bell of the terminal, and OSC 9, which many terminals show as a notification and the others leave
 * out. At a question, at the end of a group, and at the end of the process. For terminals only.
 */
export const bellReporter = (write: (text: string) => void): Reporter => ({
  name: 'bell',
  report({ event, state: { plan } }) {
    const words = (() => {
      switch (event.type) {
        case 'question.asked':
          return `asks about ${event.question.subject}`;
        case 'group.finished':
          return `group ${String(event.group)} is finished`;
        case 'run.finished':
          return event.status;
        case 'run.paused':
          return 'waits for a decision';
        case 'run.stopped':
          return event.reason === 'signal' ? null : `stopped: ${event.detail}`;
        default:
          return null;
      }
    })();
    if (words !== null) write(`\u0007\u001B]9;${oneLine(`${plan.spec}: ${words}`)}\u0007`);
  },
  close() {
    // Nothing is held back.
  },
});
