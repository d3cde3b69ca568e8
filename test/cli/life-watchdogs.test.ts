import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/domain/index.ts';
import { desk, hold, letGo } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const HURRY = ['--import', new URL('../fixtures/cli/hurry.mjs', import.meta.url).href];
const SECOND = 1 / 60;

/** Agents that a watchdog ended. */
const ended = (events: readonly RunEvent[], kind: 'idle' | 'wall') =>
  events.filter(
    (event) =>
      event.type === 'infra.failed' && event.agent?.stuck === kind && event.operation === 'code',
  );

test.each([
  { kind: 'idle', flags: ['--agent-idle', String(SECOND / 2)], words: 'were silent' },
  { kind: 'wall', flags: ['--agent-timeout', String(SECOND)], words: 'used up their time' },
] as const)(
  '$kind: two agents in a row pause all, a third stops resumably; who is queued is not stuck',
  async ({ kind, flags, words }) => {
    await using project = await Project.minimal({ units: 2, mode: 'parallel', maxIterations: 1 });
    await hold(project, 'sign-1');
    await hold(project, 'sign-2');
    if (kind === 'wall') await hold(project, 'chatty');
    const args = ['run', '--json', '--retries', '9', ...desk(project)];
    const stopped = await project.cli([...args, '--slots', '1', ...flags], { node: HURRY });
    expect([stopped.code, stopped.stderr]).toEqual([75, expect.stringContaining(words)]);
    const events = Project.events(stopped.stdout);
    expect(ended(events, kind)).toHaveLength(3);
    // Nothing else went wrong, and nobody was ended who was not sent out: the other unit had to wait for its slot all the time.
    for (const type of ['infra.failed', 'code.started'] as const)
      expect(events.filter((event) => event.type === type)).toHaveLength(3);
    const types = events.map(({ type }) => type);
    const waits = events.find(({ type }) => type === 'limit.waiting');
    expect(waits).toMatchObject({ why: kind });
    const before = types.slice(0, types.indexOf('limit.waiting'));
    expect(before.filter((type) => type === 'infra.failed')).toHaveLength(2);
    expect(await project.processes()).toEqual([]);
    if (kind === 'idle') return;
    for (const unit of ['sign-1', 'sign-2', 'chatty']) await letGo(project, unit);
    // It cost no iteration.
    expect((await project.cli(args, { node: HURRY })).code).toBe(0);
  },
);
