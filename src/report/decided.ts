import type { EventOf } from '../domain/index.ts';
import { oneLine } from './words.ts';

/** A decision as the end of a sentence: `retry with guidance "…"`. */
export function decided({ decision, by }: EventOf<'decision.made'>): string {
  const how = by === 'policy' ? ' (by --on-escalate)' : '';
  switch (decision.kind) {
    case 'retry':
      return `retry with guidance "${oneLine(decision.guidance)}"${how}`;
    case 'recheck':
      return `check ${oneLine(decision.scenario)} anew${how}`;
    case 'freeze':
      return `a person's check of ${oneLine(decision.check.scenario)} (${oneLine(decision.check.revised ?? '')})${how}`;
    case 'start':
      return `start with "${oneLine(decision.command)}"${decision.port === undefined ? '' : ` on port ${String(decision.port)}`}${how}`;
    default:
      return `${decision.kind}${how}`;
  }
}
