import { join } from 'node:path';
import { z } from 'zod';
import type { Usage } from '../../domain/index.ts';
import type { Exit } from '../../process/index.ts';
import { endedByForce, failed, OUTPUT_LIMITS } from '../adapter.ts';
import type { Adapter, AgentEvent, Finish } from '../adapter.ts';
import { plainEnvironment } from '../environment.ts';
import { PLAYER_SOURCE } from './player.ts';
import { jsonLine } from '../json-line.ts';

/** No model is called: that is known, so it is nothing rather than unknown. */
const NOTHING: Usage = { costUsd: 0, inputTokens: 0, outputTokens: 0 };
const PLAYER = 'scripted-agent.cjs';

const ResultLine = z.object({
  type: z.literal('result'),
  text: z.string().optional(),
  output: z.unknown().optional(),
});

/** Prepared files in place of a model, through a real process: for the demo, tests and dry pipelines. */
export const scriptedAdapter = (dir: string, node: string): Adapter => ({
  plan: (request) => ({
    argv: [
      node,
      join(request.home, PLAYER),
      dir,
      request.unit,
      String(request.iteration),
      request.role,
    ],
    env: plainEnvironment(request),
    stdin: request.briefing.prompt,
    homeFiles: [{ path: PLAYER, content: PLAYER_SOURCE }],
    ...OUTPUT_LIMITS,
  }),
  parse: parseScripted,
  finish: finishScripted,
});

function parseScripted(line: string): AgentEvent {
  const result = ResultLine.safeParse(jsonLine(line));
  if (!result.success) return { kind: 'other' };
  return {
    kind: 'result',
    subtype: 'success',
    failed: false,
    turns: null,
    usage: NOTHING,
    apiStatus: null,
    text: result.data.text ?? null,
    output: result.data.output,
  };
}

function finishScripted(exit: Exit, events: readonly AgentEvent[]): Finish {
  const result = events.findLast((event) => event.kind === 'result');
  if (result !== undefined) {
    const { text, output } = result;
    return { outcome: 'ok', usage: NOTHING, detail: 'it ended by itself', text, output };
  }
  const forced = endedByForce(exit);
  if (forced !== null) return { ...forced, usage: NOTHING };
  return exit.code === 0
    ? failed('no_result', 'it ended without a result', NOTHING)
    : failed('agent_error', tellingLine(exit.stderr) ?? `it ${exit.summary}`, NOTHING);
}

/** Its messages are ours, so a person may read them: the error that ended it, or else its last line. */
function tellingLine(stderr: string): string | null {
  const lines = stderr.trim().split('\n');
  return (lines.find((line) => /^\w*Error: /.test(line)) ?? lines.at(-1)) || null;
}
