import type { Exit } from '../../process/index.ts';
import { endedByForce, failed } from '../adapter.ts';
import type { AgentEvent, Asked, Finish, ResultEvent } from '../adapter.ts';
import { oneLine } from '../detail.ts';
import { limitedBy } from '../limited.ts';

/**
 * Success is a last `result` that is no error, took a turn and answers what was asked. The exit code proves nothing: an
 * interrupted run exits 0 without a result, and `subtype` says `success` when the model API failed.
 */
export function finishClaude(exit: Exit, events: readonly AgentEvent[], asked: Asked): Finish {
  const result = events.findLast((event) => event.kind === 'result');
  if (result === undefined) return withoutResult(exit, events);
  const fail = (outcome: Finish['outcome'], detail: string) =>
    failed(outcome, detail, result.usage);
  switch (result.subtype) {
    case 'error_max_turns':
      return kept('limit', 'it reached its cap of turns', result);
    case 'error_max_budget_usd':
      return kept('limit', 'it reached its cap of cost', result);
    case 'error_max_structured_output_retries':
      return fail('bad_schema', 'it gave no answer of the shape asked for');
    default:
  }
  if (result.failed) return failedResult(result, events);
  if (result.turns === null || result.turns <= 0) return fail('no_result', 'it took no turn');
  if (asked.schema !== undefined && result.output === undefined) {
    return kept('bad_schema', 'it gave no answer of the shape asked for', result);
  }
  return kept('ok', 'it ended by itself', result);
}

const kept = (outcome: Finish['outcome'], detail: string, result: ResultEvent): Finish => ({
  outcome,
  usage: result.usage,
  detail,
  text: result.text,
  output: result.output,
});

function failedResult(result: ResultEvent, events: readonly AgentEvent[]): Finish {
  // `success` with an error is how a failed call of the model API looks, whatever the status.
  if (result.subtype !== 'success' && result.apiStatus === null) {
    return failed('agent_error', `it ended with ${oneLine(result.subtype)}`, result.usage);
  }
  const status = result.apiStatus === null ? '' : ` ${result.apiStatus}`;
  const words = result.text === null ? '' : `: ${oneLine(result.text)}`;
  return {
    ...failed('api_error', `the model API failed${status}${until(events)}${words}`, result.usage),
    ...limitedBy({ status: result.apiStatus, words: result.text, resetsAt: resetIn(events) }),
  };
}

function withoutResult(exit: Exit, events: readonly AgentEvent[]): Finish {
  const forced = endedByForce(exit);
  if (forced !== null) return forced;
  const last = events.at(-1);
  if (last?.kind === 'retrying' || last?.kind === 'rate limited') {
    const status = last.kind === 'retrying' && last.status !== null ? ` ${last.status}` : '';
    return {
      ...failed('api_error', `the model API failed${status}${until(events)}`),
      ...limitedBy({
        status: last.kind === 'retrying' ? last.status : null,
        resetsAt: resetIn(events),
      }),
    };
  }
  return exit.code === 0
    ? failed('no_result', 'it ended without a result')
    : failed('agent_error', `it ${exit.summary} without a result`);
}

const resetIn = (events: readonly AgentEvent[]): number | null | undefined =>
  events.findLast((event) => event.kind === 'rate limited')?.resetsAt;

/** When the provider will take work again, as far as it said so. */
function until(events: readonly AgentEvent[]): string {
  const limit = events.findLast((event) => event.kind === 'rate limited');
  const time = limit?.resetsAt == null ? null : new Date(limit.resetsAt * 1000);
  return time === null || Number.isNaN(time.getTime())
    ? ''
    : ` (rate limit until ${time.toISOString()})`;
}
