import { expect, test } from 'vitest';
import type { RunFact } from '../../src/domain/index.ts';
import { bellReporter, multiplex } from '../../src/report/index.ts';
import { firstGroup, journal } from './rig.ts';

test('the bell rings at the end of a group and of the process, in one line that no text can break out of', () => {
  const rung: string[] = [];
  const publisher = multiplex([bellReporter((text) => rung.push(text))], () => {});
  const facts: RunFact[] = [
    ...firstGroup,
    { type: 'run.stopped', reason: 'infra', detail: 'disk\u0007\u001B]0;x\u0007 full' },
  ];
  for (const event of journal(facts)) publisher.publish(event);
  expect(rung).toHaveLength(2);
  expect(rung[0]).toBe('\u0007\u001B]9;001-bookshelf: group 1 is finished\u0007');
  // What came from outside can neither end the sequence early nor begin another one.
  expect(rung[1]?.startsWith('\u0007\u001B]9;001-bookshelf: stopped: disk')).toBe(true);
  expect(rung[1]?.split('\u0007')).toHaveLength(3);
  expect(rung[1]?.split('\u001B')).toHaveLength(2);
});
