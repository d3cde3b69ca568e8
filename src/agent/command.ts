import type { Exit } from '../process/index.ts';
import { endedByForce, failed, OUTPUT_LIMITS, UNKNOWN_USAGE } from './adapter.ts';
import type { Adapter, Asked, Finish } from './adapter.ts';
import { lastWords } from './detail.ts';
import { commandEnvironment } from './environment.ts';
import { limitedBy } from './limited.ts';

/**
 * Any program: prompt on stdin, works in its directory, says by its exit code whether it did. Where an answer is asked for
 * it prints that, and nothing else, on stdout.
 */
export const commandAdapter = (command: readonly [string, ...string[]]): Adapter => ({
  plan: (request) => ({
    argv: command,
    env: commandEnvironment(request),
    stdin: request.briefing.prompt,
    homeFiles: [],
    ...OUTPUT_LIMITS,
  }),
  parse: () => ({ kind: 'other' }),
  finish: (exit, _events, asked) => finishCommand(exit, asked),
});

function finishCommand(exit: Exit, asked: Asked): Finish {
  const forced = endedByForce(exit);
  if (forced !== null) return forced;
  if (exit.code !== 0) {
    const words = lastWords(exit.stderr);
    return { ...failed('agent_error', `it ${exit.summary}${words}`), ...limitedBy({ words }) };
  }
  const done = { outcome: 'ok', usage: UNKNOWN_USAGE, detail: 'it ended by itself' } as const;
  if (asked.schema === undefined) {
    return { ...done, text: exit.stdout === '' ? null : exit.stdout, output: undefined };
  }
  if (exit.cut === true) return failed('bad_schema', 'it printed more than an answer can hold');
  try {
    return { ...done, text: null, output: JSON.parse(exit.stdout) as unknown };
  } catch {
    // The parser's message quotes the answer, which is raw text of an agent.
    return { ...failed('bad_schema', 'what it printed is not JSON'), text: exit.stdout };
  }
}
