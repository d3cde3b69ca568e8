import type { Exit } from '../../process/index.ts';
import { endedByForce, failed } from '../adapter.ts';
import type { AgentEvent, Asked, Finish, ResultEvent } from '../adapter.ts';
import { oneLine } from '../detail.ts';
import { limitedBy } from '../limited.ts';

/**
 * Success is a last turn that completed and, where an answer was asked for, last words that are JSON: the program hands the schema to
 * the model and does not look at what comes back. It tells tokens, never a cost.
 */
export function finishCodex(exit: Exit, events: readonly AgentEvent[], asked: Asked): Finish {
  const result = events.findLast((event) => event.kind === 'result');
  if (result === undefined) return withoutResult(exit, events);
  if (result.failed) return failedTurn(result);
  const text = events.findLast((event) => event.kind === 'said')?.text ?? null;
  const done = { outcome: 'ok', usage: result.usage, detail: 'it ended by itself', text } as const;
  if (asked.schema === undefined) return { ...done, output: undefined };
  if (text === null) return failed('bad_schema', 'it gave no answer', result.usage);
  try {
    return { ...done, output: JSON.parse(text) as unknown };
  } catch {
    // The parser's message quotes the answer, which is raw text of an agent.
    return { ...failed('bad_schema', 'its answer is not JSON', result.usage), text };
  }
}

function failedTurn({ text, apiStatus, usage }: ResultEvent): Finish {
  const message = text ?? '';
  // What it did until then is in its directory, as with any other cap.
  if (/context window/i.test(message)) {
    return failed('limit', 'it came to the end of its context window', usage);
  }
  const status = apiStatus === null ? '' : ` ${apiStatus}`;
  const words = message === '' ? '' : `: ${oneLine(message)}`;
  return {
    ...failed('api_error', `the model API failed${status}${words}`, usage),
    ...limitedBy({ status: apiStatus, words: message }),
  };
}

function withoutResult(exit: Exit, events: readonly AgentEvent[]): Finish {
  const forced = endedByForce(exit);
  if (forced !== null) return forced;
  const last = events.at(-1);
  if (last?.kind === 'retrying') {
    return failed(
      'api_error',
      `the model API failed${last.status === null ? '' : ` ${last.status}`}`,
    );
  }
  return exit.code === 0
    ? failed('no_result', 'it ended without a result')
    : failed('agent_error', `it ${exit.summary} without a result`);
}
