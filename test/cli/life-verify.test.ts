import { expect, test } from 'vitest';
import { desk, deskOf } from '../rig/minimal.ts';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Project } from '../rig/project.ts';

const VERIFY = 'verify: node --test\n';
const TEST = `import test from 'node:test';
import assert from 'node:assert';
import { readdirSync } from 'node:fs';
test('no rubbish is left', () => assert.ok(!readdirSync('.').includes('rubbish.txt')));
test('one', () => {});
`;

test("the project's own tests are counted; when they fail the unit goes back with a symptom", async () => {
  await using project = await Project.minimal();
  await project.write('.start/factory.yaml', VERIFY);
  await project.write('tidy.test.mjs', TEST);
  await project.commit('Tests');
  // The first run satisfies the scenario and breaks the tests; the second cleans up.
  await project.prepare('sign-1', 1, { 'rubbish.txt': 'rubbish\n' });
  await project.prepare('sign-1', 2, { 'posts/1.txt': 'right\n', 'rubbish.txt': '' });
  await project.prepare('sign-1', 2, { 'tidy.test.mjs': TEST.replace('ok(!', 'ok(') });
  const { code, stdout, stderr } = await project.cli(['run', '--json', ...desk(project)]);
  const gates = Project.events(stdout).flatMap((event) =>
    event.type === 'gate.finished' ? [event] : [],
  );
  expect(gates.map(({ steps }) => steps[0])).toMatchObject([
    { name: 'verify', outcome: 'failed', tests: { passed: 1, failed: 1 } },
    { name: 'verify', outcome: 'passed', tests: { passed: 2, failed: 0 } },
    { name: 'verify', outcome: 'passed', tests: { passed: 2, failed: 0 } },
  ]);
  expect(gates.map(({ group }) => group)).toEqual([1, 1, null]);
  // What broke them is off the branch until it is repaired, and in the workspace of whoever repairs it.
  expect(gates[0]?.backedOut).toMatchObject([{ unit: 'sign-1' }]);
  expect(gates[0]?.blamed).toEqual([
    { unit: 'sign-1', symptom: expect.stringMatching(/^[^\n]+$/) },
  ]);
  expect([code, stderr]).toEqual([0, expect.stringContaining('tests: 2 passed, 0 failed')]);
  const prompts = join(deskOf(project), 'prompts', 'sign-1');
  expect(await readdir(prompts)).toHaveLength(2);
  expect(await readFile(join(prompts, '2.md'), 'utf8')).toContain(gates[0]?.blamed[0]?.symptom);
});
