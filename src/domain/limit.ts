import { z } from 'zod';
import { Stuck } from './watchdog.ts';

/** A provider refuses work, and until when it said so (ISO 8601); null when it did not say. */
export const Limited = z.object({ until: z.string().nullable() });
export type Limited = z.infer<typeof Limited>;

const provider = z.string();

/** What happens because of the limits of a provider. One doc line per variant. */
export const LIMIT_FACTS = [
  /** All agents of a provider wait, until then at the latest known. `why`: what two of them in a row got stuck in; left out for its limit. */
  z.object({
    type: z.literal('limit.waiting'),
    provider,
    until: z.string(),
    why: Stuck.optional(),
  }),
  /** They may try again. */
  z.object({ type: z.literal('limit.lifted'), provider }),
] as const;

/** Where the limit of one provider stands: it is to be waited for, it is waited for, or it was, and it is not known whether it still holds. */
export interface ProviderLimit extends Limited {
  readonly phase: 'due' | 'waiting' | 'over';
  /** Waits in a row that led to nothing. */
  readonly times: number;
  readonly why?: Stuck;
  /** While it is waited for: until when (ISO 8601). */
  readonly wait?: string;
}

/** Limits of providers, by provider; none: it takes work. */
export type ProviderLimits = Readonly<Record<string, ProviderLimit>>;

/** Whose limits an agent is under: the same for all its models. */
export const providerOf = (agent: string): string => agent.split(':')[0] ?? agent;
