import type { Moment } from './reporter.ts';
import { oneLine } from './words.ts';

/**
 * One line for a person who looks elsewhere, where an event is worth calling them: a question, the end of a group, the end of the process.
 * Null for every other event.
 */
export function callOf({ event, state: { plan } }: Moment): string | null {
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
        return `stopped: ${event.detail}`;
      default:
        return null;
    }
  })();
  return words === null ? null : oneLine(`${plan.spec}: ${words}`);
}
