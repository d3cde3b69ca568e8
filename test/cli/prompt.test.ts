import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { personFor } from '../../src/cli/ports/person.ts';
import { promptsAt } from '../../src/cli/telling/prompt.ts';
import type { World } from '../../src/cli/world.ts';
import { unitId, type Question } from '../../src/domain/index.ts';

const terminal = () =>
  Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined, columns: 80 });

/** Puts a question to a person who types the next keys whenever the words before them are on the screen. */
async function answer(question: Question, script: readonly (readonly [string, string])[]) {
  const stdin = terminal();
  const stderr = terminal();
  const person = personFor({
    answer: promptsAt({ stdin, stderr, env: {} } as unknown as World, (prompt) => prompt()),
    runDir: '/nowhere',
    policy: null,
    note: () => undefined,
    scenarios: () => ['opens', 'closes'],
  });
  const steps = [...script];
  let screen = '';
  stderr.on('data', (chunk: Buffer) => {
    screen += chunk.toString();
    const [step] = steps;
    if (step === undefined || !screen.includes(step[0])) return;
    steps.shift();
    screen = '';
    setImmediate(() => stdin.write(step[1]));
  });
  return person.ask(question, new AbortController().signal);
}

const ENTER = '\r';
const DOWN = '\u001B[B';

test('an empty start command is asked for again', async () => {
  const question: Question = { subject: 'service', kind: 'service_unknown', detail: 'unknown' };
  expect(
    await answer(question, [
      ['Say how it is started', ENTER],
      ['Start command', ENTER],
      ['must not be empty', 'npm start\r'],
      ['Port it listens on', '3000\r'],
    ]),
  ).toEqual({ decision: { kind: 'start', command: 'npm start', port: 3000 }, by: 'prompt' });
});

test('a scenario to be checked anew is chosen, not typed', async () => {
  const question: Question = { subject: unitId('door'), kind: 'inconclusive', detail: 'no check' };
  expect(
    await answer(question, [
      ['Compile and evaluate', ENTER],
      ['Which scenario?', `${DOWN}${ENTER}`],
    ]),
  ).toEqual({ decision: { kind: 'recheck', scenario: 'closes' }, by: 'prompt' });
});
