import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../bin/tally.js', import.meta.url));
const tally = (input, ...args) =>
  spawnSync(process.execPath, [program, ...args], { input, encoding: 'utf8' });

test('standard input has no name', () => {
  assert.equal(tally('one two\n').stdout, '1 2 8\n');
});

test('a limit of zero is refused before anything is read', () => {
  const { status, stdout, stderr } = tally('one', '--top', '0');
  assert.deepEqual([status, stdout], [2, '']);
  assert.equal(stderr, 'tally: --top wants a whole number of at least 1\n');
});

test('after two dashes everything is a file', () => {
  const { status, stderr } = tally('', '--', '--json');
  assert.equal(status, 1);
  assert.equal(stderr, 'tally: --json: cannot be read\n');
});
