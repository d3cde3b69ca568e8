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

test('killed again and again, the same command carries on to the same end', async () => {
  await using project = await Project.minimal({
    units: 2,
    mode: 'parallel',
    wrong: { 2: 1 },
    service: SERVICE,
  });
  await hold(project, 'sign-1');
  const moments: RunEvent['type'][] = [
    'code.started',
    'land.started',
    'service.started',
    'evaluation.started',
    'gate.started',
    'manifest.editing',
  ];
  for (const moment of moments) {
    const running = project.start(run(project));
    await eventOfType(running, moment);
    running.kill('SIGKILL');
    await running;
    if (moment === 'code.started') await letGo(project, 'sign-1');
  }
  const ended = await project.cli(run(project));
  expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining('2 of 2 units')]);
  expect(await project.processes()).toEqual([]);

  const manifest = await project.read('.start/specs/001-signs/manifest.md');
  expect(manifest).toMatch(/^status: completed$/m);
  expect(manifest.match(/- \[x\] /g)).toHaveLength(2);
  const branch = 'factory/001-signs';
  expect(await project.git('show', `${branch}:.start/specs/001-signs/manifest.md`)).toBe(
    manifest.trimEnd(),
  );
  for (const file of ['posts/1.txt', 'posts/2.txt'])
    expect(await project.git('show', `${branch}:${file}`)).toBe('right');

  const events = await journal(project);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  // What landed is never coded again, and a kill costs no iteration.
  const landed = events.filter((event) => event.type === 'land.finished');
  const units = landed.map(({ unit }): string => unit);
  expect(units.toSorted()).toEqual(['sign-1', 'sign-2', 'sign-2']);
  const commits = await project.git('log', '--format=%H', '--grep=Factory-Unit', `main..${branch}`);
  expect(new Set(commits.split('\n'))).toEqual(new Set(landed.map(({ commit }) => commit)));
  const iterations = events.flatMap((event) => ('iteration' in event ? [event.iteration] : []));
  expect(Math.max(...iterations)).toBe(2);
});

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

test('a second SIGINT stops at once, although an agent will not end', async () => {
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
  await letGo(project, 'sign-1');
  await letGo(project, 'stubborn');
  expect((await project.cli(run(project))).code).toBe(0);
});

/** The agent has read its prompt. */
const agentAtWork = (project: Project, running: Running): Promise<void> =>
  until({ what: 'prompt at the desk', running }, async () => {
    const seen = await readdir(join(deskOf(project), 'prompts', 'sign-1')).catch(() => []);
    return seen.length > 0;
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
