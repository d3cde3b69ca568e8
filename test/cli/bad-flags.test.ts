import { expect, test } from 'vitest';
import { scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

test('an answer with a port that is none is refused, not left for the run to drop', async () => {
  await using project = await Project.minimal({ service: 'health: /' });
  expect((await project.cli(['run', ...scripted(project)])).code).toBe(3);
  const start = ['--start', 'node lib/serve.mjs', '--port'];
  const { code, stderr } = await project.cli(['decide', '001', 'service', ...start, '70000']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('1 to 65535')]);
});

test('a plan for people never lands on a stdout that was to be JSON', async () => {
  await using project = await Project.minimal();
  const { code, stdout, stderr } = await project.cli(['run', '--dry-run', '--json']);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain("cannot be used with option '--json'");
});
