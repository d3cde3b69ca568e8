import type { Span } from './spans.ts';

/**
 * The chain of work that the run's length is made of: from the span that ended last back to the one whose end let it begin, and so on.
 * A run starts all that may start as soon as something ends, so what ended last before a span began is what it waited for.
 */
export function criticalPath(spans: readonly Span[]): ReadonlySet<Span> {
  const byEnd = spans.toSorted((a, b) => a.ended - b.ended);
  const path = new Set<Span>();
  let before = Infinity;
  for (let at = byEnd.length - 1; at >= 0; at -= 1) {
    const span = byEnd[at];
    if (span === undefined || span.ended >= before) continue;
    path.add(span);
    before = span.began;
  }
  return path;
}
