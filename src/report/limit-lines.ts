import { stuckWords, type RunEvent } from '../domain/index.ts';
import { elapsed, oneLine } from './words.ts';

/** A provider's limit, in a line: until when its agents wait, and how long that is. */
export function limitLines(
  event: Extract<RunEvent, { type: 'limit.waiting' | 'limit.lifted' }>,
): readonly string[] {
  const provider = oneLine(event.provider);
  if (event.type === 'limit.lifted') return [`${provider}: its agents try again`];
  const left = elapsed(Date.parse(event.until) - Date.parse(event.at));
  const why =
    event.why === undefined
      ? 'its provider takes no work now'
      : `two of its agents in a row ${stuckWords(event.why)}`;
  return [`${provider}: ${why}; its agents wait until ${event.until} (${left}), at no iteration`];
}
