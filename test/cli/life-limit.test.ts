import { expect, test } from 'vitest';
import { desk, hold } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

test('a usage limit holds up all agents of its provider until it is reset, and costs nothing', async () => {
  await using project = await Project.minimal({ units: 2, mode: 'parallel' });
  // The first agent to start finds the limit, which is reset a second later.
  await hold(project, 'limited');
  const args = ['run', '--json', '--slots', '1', '--retries', '0', ...desk(project)];
  const { code, stdout, stderr } = await project.cli(args);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/command: its provider takes no work/)]);
  const events = Project.events(stdout);
  const [waiting, lifted] = ['limit.waiting', 'limit.lifted'].map((type) =>
    events.findIndex((event) => event.type === type),
  );
  expect(waiting).toBeGreaterThan(0);
  const between = events.slice(waiting, lifted).map(({ type }) => type);
  expect(between).not.toContain('code.started');
  const last = events.filter((event) => event.type === 'evaluation.finished');
  expect(last).toMatchObject([{ iteration: 1 }, { iteration: 1 }]);
});
