import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import getPort from 'get-port';
import { describe, expect, test } from 'vitest';
import { ok } from '../../src/domain/index.ts';
import { alive } from '../process/alive.ts';
import { never, standing, start } from './rig.ts';

const { root, open, ask, log, pointed } = standing();
const pidOf = async () => Number((await ask()).split(' ').at(-1));

describe('a service that works', () => {
  test('is ready behind the front, logs to the run folder, and stops', async () => {
    const service = open({ start: 'node good.js', env: { COLOUR: 'green' } });
    const answer = await start(service);
    expect(answer).toEqual(
      ok({ kind: 'ready', commit: 'c1', url: 'http://front', source: 'declared' }),
    );
    const pid = await pidOf();
    await service.stop();
    expect(alive(pid)).toBe(false);
    expect(pointed()).toBeNull();
    expect(log()).toContain('listening, green\n');
    expect(await readdir(join(root(), 'trees'))).toEqual([]);
    await service.stop();
  });

  test('may listen late and say 503 first', async () => {
    expect(await start(open({ start: 'node slow.js' }))).toMatchObject({
      value: { kind: 'ready' },
    });
  });

  test('may listen on ::1 only, with a declared health path', async () => {
    const answer = await start(open({ start: 'node six.js', health: '/only' }));
    expect(answer).toMatchObject({ value: { kind: 'ready' } });
    expect(pointed()?.host).toBe('::1');
  });

  test('may speak no HTTP, or have no route we know', async () => {
    expect(await start(open({ start: 'node raw.js' }))).toMatchObject({ value: { kind: 'ready' } });
    expect(await start(open({ start: 'node six.js' }))).toMatchObject({ value: { kind: 'ready' } });
  });

  test('may ignore PORT and listen where it was declared to', async () => {
    const port = await getPort();
    const answer = await start(open({ start: `node stubborn.js ${port}`, port }));
    expect(answer).toMatchObject({ value: { kind: 'ready' } });
    expect(pointed()).toEqual({ host: '127.0.0.1', port });
  });

  test('may be started by a list of shell commands', async () => {
    const declared = { start: 'cd . && COLOUR=red node good.js' };
    expect(await start(open(declared))).toMatchObject({ value: { kind: 'ready' } });
    expect(log()).toContain('listening, red\n');
  });

  test('takes its children along', async () => {
    const service = open({ start: 'node daemon.js' });
    await start(service);
    const child = await pidOf();
    expect(alive(child)).toBe(true);
    await service.stop();
    expect(alive(child)).toBe(false);
  });
});

describe('from phase to phase', () => {
  test('a check brings new files under the running service', async () => {
    const service = open({ start: 'node good.js' });
    await start(service);
    const pid = await pidOf();
    const answer = await service.ready({ action: 'check', commit: 'c2', start: null }, never);
    expect(answer).toMatchObject({ value: { kind: 'ready', commit: 'c2' } });
    expect(await ask()).toBe(`c2 ${pid}`);
  });

  test('a restart is a new process', async () => {
    const service = open({ start: 'node good.js' });
    await start(service);
    const pid = await pidOf();
    await service.ready({ action: 'restart', commit: 'c2', start: null }, never);
    expect(alive(pid)).toBe(false);
    expect(await ask()).toMatch(/^c2 /);
  });

  test('a service that died is started once more', async () => {
    const service = open({ start: 'node good.js' });
    await start(service);
    await ask('/leave').catch(() => undefined);
    const answer = await service.ready({ action: 'check', commit: 'c1', start: null }, never);
    expect(answer).toMatchObject({ value: { kind: 'ready' } });
    expect(await ask()).toMatch(/^c1 /);
  });
});
