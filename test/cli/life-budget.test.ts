import { expect, test } from 'vitest';
import { desk, hold, letGo } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const LEAP = new URL('../fixtures/cli/leap-clock.mjs', import.meta.url).href;
const HOUR = 60 * 60_000;

test('a budget holds up the agent it has no room for; a larger one goes on', async () => {
  await using project = await Project.minimal({ wrong: { 1: 1 } });
  // Nobody knows what this agent costs, so each run of it counts at its cap of $10, and the check author waits behind it.
  const run = (...flags: string[]) => project.cli(['run', '--json', ...desk(project), ...flags]);
  const short = await run('--max-cost', '10');
  expect([short.code, short.stderr]).toEqual([
    5,
    expect.stringContaining('cost of the run: $10.00 of $10.00'),
  ]);
  expect(short.stderr).toContain('with a larger budget');
  expect(short.stderr).toContain('Cost: unknown');
  expect(Project.events(short.stdout).at(-1)).toMatchObject({
    type: 'run.stopped',
    reason: 'budget',
  });
  expect((await project.cli(['status'])).stdout).toContain('a budget is used up');
  expect((await run('--max-cost', '10')).code).toBe(5);

  // While its agent works the clock is set on by ten hours, which are no working time.
  const args = ['run', '--json', ...desk(project), '--max-cost', '100', '--max-time', '10'];
  const enough = await project.cli(args, { node: ['--import', LEAP] });
  expect([enough.code, enough.stderr]).toEqual([0, expect.stringMatching(/Pace: wall \d:\d\d,/)]);
  const events = Project.events(enough.stdout);
  const coded = events.filter(({ type }) => type === 'code.started');
  expect(coded).toMatchObject([{ iteration: 2, attempt: 2 }]);
  const jumps = events.flatMap(({ jumped = 0 }) => (jumped === 0 ? [] : [jumped / HOUR]));
  expect(jumps).toEqual([expect.closeTo(10, 1)]);
});

test('an agent is cut when the time of its unit is over, at no iteration', async () => {
  await using project = await Project.minimal();
  await hold(project, 'sign-1');
  const short = await project.cli(['run', '--json', ...desk(project), '--max-unit-time', '0.01']);
  expect([short.code, short.stderr]).toEqual([5, expect.stringContaining('time of sign-1')]);
  expect(await project.processes()).toEqual([]);
  await letGo(project, 'sign-1');
  const enough = await project.cli(['run', '--json', ...desk(project)]);
  expect(enough.code).toBe(0);
  const coded = Project.events(enough.stdout).filter(({ type }) => type === 'code.started');
  expect(coded).toMatchObject([{ iteration: 1 }]);
});
