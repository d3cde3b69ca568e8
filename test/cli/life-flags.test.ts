import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { eventOfType } from '../rig/follow.ts';
import { desk, hold, letGo, scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

test('a run that is taken up goes by the slots and retries of the new call', async () => {
  await using project = await Project.minimal({ units: 3, mode: 'parallel' });
  for (const n of [1, 2, 3]) await hold(project, `sign-${n}`);
  const first = project.start(['run', '--json', '--slots', '1', ...desk(project)]);
  await eventOfType(first, 'code.started');
  first.kill('SIGTERM');
  expect((await first).exitCode).toBe(143);
  for (const n of [1, 2, 3]) await letGo(project, `sign-${n}`);
  const again = await project.cli([
    'run',
    '--json',
    '--slots',
    '3',
    '--retries',
    '7',
    ...desk(project),
  ]);
  expect(again.code).toBe(0);
  const events = Project.events(again.stdout);
  expect(events.find(({ type }) => type === 'run.resumed')).toMatchObject({
    plan: { slots: 3, infra: { retries: 7 } },
  });
  // Three are started before the first one ends, which one slot would not allow.
  const coding = events.filter(({ type }) => type.startsWith('code.')).map(({ type }) => type);
  expect(coding.slice(0, 3)).toEqual(['code.started', 'code.started', 'code.started']);
});

test('the printed next step is the whole command, agents and all', async () => {
  await using project = await Project.minimal({ maxIterations: 1, wrong: { 1: 1 } });
  const paused = await project.cli(['run', '--slots', '2', ...scripted(project)]);
  expect(paused.code).toBe(3);
  const next = /^- (implement-factory run .*) \(goes on/m.exec(paused.stderr)?.[1];
  const [, agent = ''] = scripted(project);
  expect(next).toBe(`implement-factory run 001-signs --agent ${agent} --slots 2`);
  await project.cli(['decide', '001', 'sign-1', '--skip']);
  expect((await project.cli(['status'])).stdout).toContain(next);
});

test('a completed spec needs no agent', async () => {
  await using project = await Project.minimal();
  expect((await project.cli(['run', ...scripted(project)])).code).toBe(0);
  await rm(`${project.root}/scripted`, { recursive: true });
  const again = await project.cli(['run', ...scripted(project)]);
  expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('is completed')]);
  // And with the default agent, which is not installed here.
  const bare = await project.cli(['run'], { env: { PATH: '/usr/bin:/bin' } });
  expect(bare.code).toBe(0);
});
