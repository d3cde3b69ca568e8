import { z } from 'zod';
import { UNKNOWN_USAGE } from '../adapter.ts';
import type { AgentEvent, ResultEvent } from '../adapter.ts';
import { jsonLine } from '../json-line.ts';

const count = z.int().nonnegative();

const Line = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('item.completed'),
    item: z.looseObject({ type: z.literal('agent_message'), text: z.string() }),
  }),
  /** Usage is lenient on purpose: a field of an unexpected kind is an unknown value, never a lost result. */
  z.looseObject({
    type: z.literal('turn.completed'),
    usage: z.looseObject({ input_tokens: count, output_tokens: count }).nullable().catch(null),
  }),
  z.looseObject({
    type: z.literal('turn.failed'),
    error: z.looseObject({ message: z.string().catch('') }).catch({ message: '' }),
  }),
  z.looseObject({ type: z.literal('error'), message: z.string().catch('') }),
]);

const OTHER: AgentEvent = { kind: 'other' };

/** One line of `codex exec --json`. */
export function parseCodex(line: string): AgentEvent {
  const parsed = Line.safeParse(jsonLine(line));
  if (!parsed.success) return OTHER;
  const said = parsed.data;
  switch (said.type) {
    case 'item.completed':
      return { kind: 'said', text: said.item.text };
    case 'turn.completed':
      return result({
        subtype: 'completed',
        failed: false,
        usage: {
          ...UNKNOWN_USAGE,
          ...(said.usage !== null && {
            inputTokens: said.usage.input_tokens,
            outputTokens: said.usage.output_tokens,
          }),
        },
      });
    case 'turn.failed': {
      const { message } = said.error;
      return result({ subtype: 'failed', text: message, apiStatus: statusIn(message) });
    }
    case 'error':
      return said.message.startsWith('Reconnecting')
        ? { kind: 'retrying', status: statusIn(said.message) }
        : OTHER;
  }
}

const result = (more: Partial<ResultEvent>): ResultEvent => ({
  kind: 'result',
  subtype: 'failed',
  failed: true,
  turns: null,
  usage: UNKNOWN_USAGE,
  apiStatus: null,
  text: null,
  output: undefined,
  ...more,
});

/** It tells the status of the API in words only: `unexpected status 401 Unauthorized`, `last status: 429 Too Many Requests`. */
function statusIn(message: string): number | null {
  const status = /\bstatus:? (\d{3})\b/.exec(message)?.[1];
  return status === undefined ? null : Number(status);
}
