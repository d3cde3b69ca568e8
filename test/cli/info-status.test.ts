import { expect, test } from 'vitest';
import { eventOfType } from '../rig/follow.ts';
import { desk, hold, letGo } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const status = async (project: Project) =>
  JSON.parse((await project.cli(['status', '001', '--json'])).stdout) as Record<string, unknown>;

test('status tells where a spec stands: before, during and after a run', async () => {
  await using project = await Project.minimal({ units: 2, chain: true, wrong: { 1: 1 } });
  const before = await project.cli(['status']);
  expect([before.code, before.stdout]).toEqual([0, expect.stringContaining('sign-1')]);
  expect(await status(project)).toEqual({
    spec: '001-signs',
    title: 'Signs',
    status: 'pending',
    threshold: 1,
    maxIterations: 3,
    branch: null,
    group: null,
    question: null,
    answered: [],
    barrier: null,
    units: ['sign-1', 'sign-2'].map((id) => ({
      id,
      title: `Sign number ${id.slice(-1)}`,
      status: 'pending',
      iteration: 0,
      satisfaction: null,
      scenarios: [
        {
          name: 'reads-as-agreed',
          priority: 'P1',
          sealed: false,
          outcome: null,
          attempts: null,
          flaky: false,
        },
      ],
      sealed: null,
      symptoms: [],
      costUsd: 0,
    })),
  });

  await hold(project, 'sign-2');
  const running = project.start(['run', '--json', ...desk(project)]);
  await eventOfType(running, 'group.finished');
  await eventOfType(running, 'code.started');
  const during = await project.cli(['status']);
  expect(during.stdout).toMatch(/sign-1.*(completed|✓)/);
  expect(await status(project)).toMatchObject({
    status: 'in_progress',
    branch: 'factory/001-signs',
    group: 2,
    units: [
      {
        id: 'sign-1',
        status: 'completed',
        iteration: 2,
        satisfaction: 1,
        scenarios: [{ name: 'reads-as-agreed', outcome: 'passed' }],
        symptoms: [],
      },
      { id: 'sign-2', status: 'coding', iteration: 1, satisfaction: null },
    ],
  });
  await letGo(project, 'sign-2');
  expect((await running).exitCode).toBe(0);
  expect(await status(project)).toMatchObject({ status: 'completed', group: null, question: null });

  // A box that a person opens again is what the next run goes by, and so does the status.
  const manifest = '.start/specs/001-signs/manifest.md';
  const ticked = await project.read(manifest);
  await project.write(manifest, ticked.replace('- [x] sign-2', '- [ ] sign-2'));
  expect(await status(project)).toMatchObject({
    branch: 'factory/001-signs',
    units: [
      { id: 'sign-1', status: 'completed' },
      { id: 'sign-2', status: 'pending' },
    ],
  });
});

test('a spec is found by number, name, folder and manifest, from within the project too', async () => {
  await using project = await Project.minimal({ name: 'prójekt with spaces' });
  const dir = '.start/specs/001-signs';
  for (const [spec, cwd] of [
    ['001', project.dir],
    ['001-signs', project.dir],
    [dir, project.dir],
    [`${dir}/manifest.md`, project.dir],
    ['001', `${project.dir}/lib`],
    [`${project.dir}/${dir}`, project.root],
  ] as const) {
    const { code, stdout, stderr } = await project.cli(['status', spec, '--json'], { cwd });
    expect([spec, code, stderr]).toEqual([spec, 0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ spec: '001-signs' });
  }
  const nowhere = await project.cli(['status', '007']);
  expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining('001-signs')]);
  // And a run copes with such a path.
  const ran = await project.cli(['run', '001', '--agent', `scripted:${project.root}/scripted`]);
  expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining('completed')]);
});
