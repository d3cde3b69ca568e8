import type { Limited } from '../domain/index.ts';

/** 429: too many requests; 529: overloaded. */
const REFUSALS = new Set([429, 529]);

const WORDS = /usage limit|rate limit(?:ed)?\b|limit reached/i;

/** Whether a provider refused work, by what it answered, what an agent said last, or when the limit is reset (seconds since 1970). */
export function limitedBy({
  status = null,
  words = '',
  resetsAt,
}: {
  readonly status?: number | null;
  readonly words?: string | null;
  /** Undefined: it spoke of no limit. */
  readonly resetsAt?: number | null | undefined;
}): { readonly limited?: Limited } {
  const text = words ?? '';
  const refused = status !== null && REFUSALS.has(status);
  if (!refused && resetsAt === undefined && !WORDS.test(text)) return {};
  // Claude Code ends with "usage limit reached|<seconds>".
  const told = resetsAt ?? Number(/limit reached\|(\d{9,11})\b/i.exec(text)?.[1] ?? Number.NaN);
  const time = new Date(told * 1000);
  return { limited: { until: Number.isNaN(time.getTime()) ? null : time.toISOString() } };
}
