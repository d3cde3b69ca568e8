import { z } from 'zod';
import { UNKNOWN_USAGE } from '../adapter.ts';
import type { AgentEvent } from '../adapter.ts';
import { jsonLine } from '../json-line.ts';

const count = z.int().nonnegative();
const Tokens = z.looseObject({
  input_tokens: count,
  output_tokens: count,
  cache_creation_input_tokens: count.nullish(),
  cache_read_input_tokens: count.nullish(),
});

/** Lenient on purpose: a field of an unexpected kind is an unknown value, never a lost result. */
const ResultLine = z.looseObject({
  type: z.literal('result'),
  subtype: z.string().catch('unknown'),
  is_error: z.boolean().catch(true),
  num_turns: z.number().nullable().catch(null),
  total_cost_usd: z.number().nonnegative().nullable().catch(null),
  usage: Tokens.nullable().catch(null),
  api_error_status: z.number().nullable().catch(null),
  result: z.string().nullable().catch(null),
});
const RetryLine = z.looseObject({
  type: z.literal('system'),
  subtype: z.literal('api_retry'),
  error_status: z.number().nullable().catch(null),
});
const RateLimitLine = z.looseObject({
  type: z.literal('rate_limit_event'),
  rate_limit_info: z.looseObject({
    status: z.literal('rejected'),
    resetsAt: z.number().nullable().catch(null),
  }),
});

const OTHER: AgentEvent = { kind: 'other' };

/** One line of `--output-format stream-json`. */
export function parseClaude(line: string): AgentEvent {
  const json = jsonLine(line);
  const result = ResultLine.safeParse(json);
  if (result.success) return resultEvent(result.data);
  const retry = RetryLine.safeParse(json);
  if (retry.success) return { kind: 'retrying', status: retry.data.error_status };
  const limit = RateLimitLine.safeParse(json);
  if (limit.success) {
    return { kind: 'rate limited', resetsAt: limit.data.rate_limit_info.resetsAt };
  }
  return OTHER;
}

function resultEvent(line: z.infer<typeof ResultLine>): AgentEvent {
  const tokens = line.usage;
  return {
    kind: 'result',
    subtype: line.subtype,
    failed: line.is_error,
    turns: line.num_turns,
    usage: {
      ...UNKNOWN_USAGE,
      costUsd: line.total_cost_usd,
      ...(tokens !== null && {
        inputTokens:
          tokens.input_tokens +
          (tokens.cache_creation_input_tokens ?? 0) +
          (tokens.cache_read_input_tokens ?? 0),
        outputTokens: tokens.output_tokens,
      }),
    },
    apiStatus: line.api_error_status,
    text: line.result,
    output: line['structured_output'],
  };
}
