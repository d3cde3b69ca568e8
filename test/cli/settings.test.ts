import { expect, test } from 'vitest';
import { Project } from '../rig/project.ts';
import { scripted } from '../rig/minimal.ts';

test('restart_on of factory.yaml decides what restarts the service', async () => {
  await using project = await Project.minimal({
    service: 'service:\n  start: node lib/serve.mjs',
    wrong: { 1: 1 },
  });
  await project.write(
    '.start/factory.yaml',
    "service:\n  start: node lib/serve.mjs\n  restart_on: ['lib/**']\n",
  );
  const { code, stdout } = await project.cli(['run', '--json', ...scripted(project)]);
  expect(code).toBe(0);
  const actions = Project.events(stdout).flatMap((event) =>
    event.type === 'service.started' ? [event.action] : [],
  );
  expect(actions).toEqual(['start', 'check']);
});

test('a run goes on with the kind of evaluation it began with', async () => {
  await using project = await Project.minimal({
    maxIterations: 1,
    service: 'service:\n  start: node lib/serve.mjs',
    wrong: { 1: 1 },
  });
  expect((await project.cli(['run', ...scripted(project)])).code).toBe(3);
  const other = ['run', '--evaluation', 'report', ...scripted(project)];
  const { code, stderr } = await project.cli(other);
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/began with --evaluation checks[^]*--accept-changes/),
  ]);
});
