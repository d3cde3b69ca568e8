import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/domain/index.ts';
import { eventOfType } from '../rig/follow.ts';
import { desk, deskOf, hold, letGo } from '../rig/minimal.ts';
import { until } from '../rig/patience.ts';
import { Project } from '../rig/project.ts';
import type { Running } from '../rig/project.ts';

const SERVICE = 'service:\n  start: node lib/serve.mjs';
const run = (project: Project) => ['run', '--json', ...desk(project)];

/** Every event of the spec's only run, as a fresh reader finds it. */
async function journal(project: Project): Promise<RunEvent[]> {
  const runs = join('.factory', 'runs', '001-signs');
  const ids = await readdir(join(project.dir, runs));
  expect(ids).toHaveLength(1);
  return Project.events(await project.read(join(runs, ids[0] ?? '', 'journal.ndjson')));
}

test('SIGINT and SIGTERM stop gracefully, and the run can be taken up', async () => {
  await using project = await Project.minimal({ service: SERVICE });
  await hold(project, 'sign-1');
  const coding = project.start(run(project));
  await eventOfType(coding, 'code.started');
  coding.kill('SIGINT');
  expect((await coding).exitCode).toBe(130);
  expect(await project.processes()).toEqual([]);
  expect((await journal(project)).at(-1)).toMatchObject({ type: 'run.stopped', reason: 'signal' });

  await letGo(project, 'sign-1');
  const serving = project.start(run(project));
  await eventOfType(serving, 'service.ready');
  serving.kill('SIGTERM');
  expect((await serving).exitCode).toBe(143);
  expect(await project.processes()).toEqual([]);

  expect((await project.cli(run(project))).code).toBe(0);
});

test('a second SIGINT stops at once, although an agent will not end; so does SIGKILL, and the next run sweeps', async () => {
  await using project = await Project.minimal();
  await hold(project, 'sign-1');
  await hold(project, 'stubborn');
  const running = project.start(run(project));
  await eventOfType(running, 'code.started');
  await agentAtWork(project, running);
  running.kill('SIGINT');
  await new Promise<void>((resolve) => {
    let said = '';
    running.stderr.on('data', (chunk) => {
      said += String(chunk);
      if (said.includes('once more')) resolve();
    });
  });
  running.kill('SIGINT');
  expect((await running).exitCode).toBe(130);
  expect(await project.processes()).toEqual([]);
  // It did not wait for the agent, or it would have written down how it stopped.
  expect((await journal(project)).at(-1)?.type).not.toBe('run.stopped');

  // What lives on after SIGKILL, in a session of its own even, is ended by the next run before it begins.
  await hold(project, 'straggler');
  const killed = project.start(run(project));
  await agentAtWork(project, killed, 2);
  killed.kill('SIGKILL');
  await killed;
  for (const held of ['sign-1', 'stubborn', 'straggler']) await letGo(project, held);
  const left = await project.processes();
  expect(left).toContainEqual(expect.stringContaining('sleep 1000'));
  expect((await project.cli(run(project))).code).toBe(0);
  expect(await project.processes()).toEqual([]);
});

/** The agent has read its prompt, the one of so many it got. */
const agentAtWork = (project: Project, running: Running, prompts = 1): Promise<void> =>
  until({ what: 'prompt at the desk', running }, async () => {
    const seen = await readdir(join(deskOf(project), 'prompts', 'sign-1')).catch(() => []);
    return seen.length >= prompts;
  });

test('one run per spec; two specs of a project side by side', async () => {
  await using project = await Project.minimal();
  await project.layOut({ spec: '002-more-signs' });
  await project.commit('More');
  await hold(project, 'sign-1');
  const first = project.start(['run', '001', '--json', ...desk(project)]);
  await eventOfType(first, 'code.started');
  const status = await project.cli(['status', '001']);
  expect([status.code, status.stdout]).toEqual([0, expect.stringContaining(String(first.pid))]);
  const second = await project.cli(['run', '001', ...desk(project)]);
  expect([second.code, second.stderr]).toEqual([
    2,
    expect.stringContaining(`process ${first.pid}`),
  ]);
  const early = await project.cli(['finish', '001', '--merge']);
  expect([early.code, early.stderr]).toEqual([2, expect.stringContaining(`process ${first.pid}`)]);

  const other = project.start(['run', '002', '--json', ...desk(project)]);
  await eventOfType(other, 'code.started');
  await letGo(project, 'sign-1');
  expect([(await first).exitCode, (await other).exitCode]).toEqual([0, 0]);
  for (const spec of ['001-signs', '002-more-signs'])
    expect(await project.read(`.start/specs/${spec}/manifest.md`)).toContain('- [x] sign-1');
});
