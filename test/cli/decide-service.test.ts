import { expect, test } from 'vitest';
import { desk } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const run = (project: Project, ...more: string[]) =>
  project.cli(['run', '--json', ...desk(project), ...more]);

test('a service nobody can find is asked for, and the answer starts it', async () => {
  // Nothing declares it, and nothing in the project tells how it is started.
  await using project = await Project.minimal({ service: 'x-nothing: here' });
  const paused = await run(project);
  expect([paused.code, paused.stderr]).toEqual([
    3,
    expect.stringContaining('decide 001-signs service'),
  ]);
  const status = JSON.parse((await project.cli(['status', '--json'])).stdout);
  expect(status.question).toMatchObject({ subject: 'service', kind: 'service_unknown' });
  const half = await project.cli(['decide', '001', 'service', '--port', '4000']);
  expect([half.code, half.stderr]).toEqual([2, expect.stringContaining('--start')]);
  const answer = ['--start', 'node lib/serve.mjs', '--port', '4000'];
  expect((await project.cli(['decide', '001', 'service', ...answer])).code).toBe(0);
  const ended = await run(project);
  expect(ended.code).toBe(0);
  // The question cost no iteration: the code that waited is what was evaluated.
  const events = Project.events(ended.stdout);
  expect(events.map(({ type }) => type)).not.toContain('code.started');
  expect(await project.processes()).toEqual([]);
});

test('flags say how the service is started', async () => {
  await using project = await Project.minimal({ service: 'x-nothing: here' });
  expect((await run(project, '--start', 'node lib/serve.mjs', '--health', '/')).code).toBe(0);
});

test('a declared service that ends early is the fault of the product, told in one line', async () => {
  await using project = await Project.minimal({
    maxIterations: 2,
    service: `service:\n  start: node -e "console.error('no sign to serve'); process.exit(7)"`,
  });
  const { code, stdout } = await run(project);
  expect(code).toBe(3);
  const failures = Project.events(stdout).filter(({ type }) => type === 'service.failed');
  expect(failures).toHaveLength(2);
  for (const failure of failures)
    expect(failure).toMatchObject({
      symptom: expect.stringMatching(/^service: [^\n]+$/),
      detail: expect.stringContaining('no sign to serve'),
    });
  const status = JSON.parse((await project.cli(['status', '--json'])).stdout);
  expect(status.question).toMatchObject({ subject: 'sign-1', kind: 'unserved' });
  expect(status.units[0].symptoms).toHaveLength(1);
});

test('a wrong start command is named with its place, and another one goes on at no iteration', async () => {
  await using project = await Project.minimal({
    units: 2,
    maxIterations: 1,
    service: 'service:\n  health: /\n  start: node lib/sreve.mjs',
  });
  const paused = await project.cli(['run', ...desk(project)]);
  expect(paused.code).toBe(3);
  const summary = paused.stderr.slice(paused.stderr.indexOf('# 001-signs'));
  expect(summary).toMatch(
    /^Service: `node lib\/sreve\.mjs` exited .*Cannot find module.*\(start command: \.start\/specs\/001-signs\/manifest\.md:8\)$/m,
  );
  expect(summary).toMatch(/^Service log: .*service\.log$/m);
  expect(summary).toContain('decide 001-signs service --start "<command>"');
  const answer = ['decide', '001', 'service', '--start', 'node lib/serve.mjs'];
  expect((await project.cli(answer)).code).toBe(0);
  const ended = await run(project);
  expect(ended.code).toBe(0);
  expect(Project.events(ended.stdout).map(({ type }) => type)).not.toContain('code.started');
});

test('another start command that fails as well is named as the answer that it is', async () => {
  await using project = await Project.minimal({
    maxIterations: 1,
    service: 'service:\n  start: npm start',
  });
  expect((await run(project, '--start', "sh -c 'exit 3'")).code).toBe(3);
  const status = JSON.parse((await project.cli(['status', '--json'])).stdout);
  expect(status.question.detail).toContain('(start command: --start)');
  await project.cli(['decide', '001', 'sign-1', '--start', "sh -c 'exit 4'"]);
  expect((await run(project)).code).toBe(3);
  const { question } = JSON.parse((await project.cli(['status', '--json'])).stdout);
  expect(question.detail).toMatch(/code 4 .*\(start command: the answer given with --start\)/);
});

test('a discovered command that never worked is asked about; skipping it leaves its units open', async () => {
  await using project = await Project.minimal({ units: 2, service: 'x-nothing: here' });
  const start = `node -e "console.error('no office'); process.exit(1)"`;
  await project.write('package.json', JSON.stringify({ scripts: { start } }));
  await project.commit('Discoverable');
  const paused = await run(project);
  expect([paused.code, paused.stderr]).toEqual([3, expect.stringContaining('no office')]);
  const status = JSON.parse((await project.cli(['status', '--json'])).stdout);
  expect(status.question).toMatchObject({ subject: 'service', kind: 'service_unhealthy' });
  const skipped = await run(project, '--on-escalate', 'skip');
  expect(skipped.code).toBe(1);
  const manifest = await project.read('.start/specs/001-signs/manifest.md');
  expect([manifest.match(/- \[ \] /g)?.length, /^status: failed$/m.test(manifest)]).toEqual([
    2,
    true,
  ]);
  expect(await project.processes()).toEqual([]);
});
