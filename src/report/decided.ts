import type { Decision, EventOf } from '../domain/index.ts';
import { oneLine } from './words.ts';

/** A decision as the end of a sentence: `retry with guidance "…"`. */
export const decided = ({ decision, by }: EventOf<'decision.made'>): string =>
  `${decisionWords(decision)}${by === 'policy' ? ' (by --on-escalate)' : ''}`;

/** The same, whoever it came from. */
export function decisionWords(decision: Decision): string {
  switch (decision.kind) {
    case 'retry':
      return `retry with guidance "${oneLine(decision.guidance)}"`;
    case 'recheck':
      return `check ${oneLine(decision.scenario)} anew`;
    case 'freeze':
      return `a person's check of ${oneLine(decision.check.scenario)} (${oneLine(decision.check.revised ?? '')})`;
    case 'start':
      return `start with "${oneLine(decision.command)}"${decision.port === undefined ? '' : ` on port ${String(decision.port)}`}`;
    default:
      return decision.kind;
  }
}
