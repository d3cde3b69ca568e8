import { z } from 'zod';
import { Limited } from './limit.ts';
import { Stuck } from './watchdog.ts';

/**
 * How an agent run ended. Only `ok` and `limit` (its own turn or cost cap; the work so far is kept) yield work to judge;
 * everything else is infrastructure and never the product's fault.
 */
export const AgentOutcome = z.enum([
  'ok',
  'agent_error',
  'api_error',
  'limit',
  'killed',
  'no_result',
  'bad_schema',
]);
export type AgentOutcome = z.infer<typeof AgentOutcome>;

/** What an agent run consumed. `null` means unknown, never nothing. */
export const Usage = z.object({
  costUsd: z.number().nonnegative().nullable(),
  inputTokens: z.int().nonnegative().nullable(),
  outputTokens: z.int().nonnegative().nullable(),
});
export type Usage = z.infer<typeof Usage>;

/** The end of one agent run as events carry it: no prose, only the path of the transcript. */
export const AgentReport = z.object({
  agent: z.string(),
  outcome: AgentOutcome,
  usage: Usage,
  /** Wall-clock, ms. */
  ms: z.number().nonnegative(),
  /** Path of the transcript file, relative to the run folder. */
  transcript: z.string(),
  /** How many runs this tells of, the transcript being the last one's; left out when it is one. */
  calls: z.int().min(2).optional(),
  /** Its provider refused it; left out when that was not it. */
  limited: Limited.optional(),
  /** A watchdog ended it; left out when it ended otherwise. */
  stuck: Stuck.optional(),
});
export type AgentReport = z.infer<typeof AgentReport>;
