import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../bin/tea.js', import.meta.url));
const tea = (...args) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });

test('the part that is zero is left out', () => {
  assert.equal(tea('steep', 'green').stdout, '2 min\n');
  assert.equal(tea('steep', 'white').stdout, '2 min 30 s\n');
});

test('what a rule refuses is said in its words', () => {
  const { status, stdout, stderr } = tea('price', 'assam', 'many');
  assert.deepEqual([status, stdout], [1, '']);
  assert.equal(stderr, 'tea: cups must be a whole number from 1 to 8\n');
});

test('one argument too many is one too many', () => {
  assert.equal(tea('steep', 'green', '2', 'fast').status, 2);
});

test('without an argument it explains itself', () => {
  assert.match(tea().stdout, /^Usage:/);
});
