import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lastLine, saysPortTaken } from '../../src/service/last-line.ts';
import { openLog } from '../../src/service/log.ts';

test('a log is appended to, and has an end', async () => {
  const root = await mkdtemp(join(tmpdir(), 'log-test-'));
  const file = join(root, 'a/b.log');
  for (const word of ['one', 'two']) {
    const log = openLog(file, 20);
    if (!log.ok) throw new Error(log.error.detail);
    log.value.line('service', word);
    log.value.line('service', 'x'.repeat(30));
    log.value.line('service', 'never seen');
    await log.value.close();
    await log.value.close();
  }
  const end = '-- the log ends here: it reached 20 bytes\n';
  expect(await readFile(file, 'utf8')).toBe(`one\n${end}two\n${end}`);
  await rm(root, { recursive: true });
});

test('the last words are the ones that tell, plain and short', () => {
  const node =
    'x.js:1\nthrow y\n^\n\nError: no database\n    at x (y:1:2) {\n  code: 1\n}\n\nNode.js v20.1.0\n';
  expect(lastLine(node)).toBe('Error: no database');
  expect(lastLine('starting\n\u001b[31mdone\u001b[0m\t!\n')).toBe('done !');
  expect(lastLine('cannot open\nnpm error code 1\n')).toBe('cannot open');
  expect(lastLine('npm error code 1\n')).toBe('npm error code 1');
  expect(lastLine('y'.repeat(500))).toHaveLength(200);
  expect(lastLine('\n \n')).toBe('');
});

test('a taken port is known by its usual words', () => {
  expect(saysPortTaken('Error: listen EADDRINUSE: address already in use :::3000')).toBe(true);
  expect(saysPortTaken('OSError: [Errno 98] Address already in use')).toBe(true);
  expect(saysPortTaken('Port 5173 is in use, trying another one...')).toBe(true);
  expect(saysPortTaken('address book is in use')).toBe(false);
});
