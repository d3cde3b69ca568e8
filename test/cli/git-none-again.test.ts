import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventOfType } from '../rig/follow.ts';
import { desk, hold, letGo, scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

test('work that landed in a run that was aborted is delivered by the next one', async () => {
  await using project = await Project.minimal({
    units: 2,
    git: false,
    maxIterations: 1,
    wrong: { 2: 1 },
  });
  const run = () =>
    project.cli(['run', '--git', 'none', '--on-escalate', 'abort', ...scripted(project)]);
  expect((await run()).code).toBe(1);
  await project.prepare('sign-2', 1, { 'posts/2.txt': 'right\n' });
  expect((await run()).code).toBe(0);
  expect(await project.read('posts/1.txt')).toBe('right\n');
  expect(await project.read('posts/2.txt')).toBe('right\n');
});

test('a result that cannot be copied into the project stops the run; put right, it is copied', async () => {
  await using project = await Project.minimal({ git: false });
  await hold(project, 'sign-1');
  const args = ['run', '--json', '--retries', '0', ...desk(project)];
  const running = project.start(args);
  await eventOfType(running, 'code.started');
  // A file where the result wants a folder.
  await project.write('posts', 'mine\n');
  await letGo(project, 'sign-1');
  const { exitCode, stderr } = await running;
  expect([exitCode, stderr]).toEqual([75, expect.stringContaining('delivery failed')]);
  await rm(join(project.dir, 'posts'));
  expect((await project.cli(args)).code).toBe(0);
  expect(await project.read('posts/1.txt')).toBe('right\n');
});
