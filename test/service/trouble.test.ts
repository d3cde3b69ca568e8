import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import getPort from 'get-port';
import { describe, expect, test } from 'vitest';
import { err, ok } from '../../src/domain/index.ts';
import { alive } from '../process/alive.ts';
import { never, standing, start } from './rig.ts';

const { root, open, log, pointed } = standing();

describe('a service that does not work', () => {
  test('ends at once: one line of symptom, its last words for a person only', async () => {
    const answer = await start(open({ start: 'node broken.js' }));
    expect(answer).toEqual(
      ok({
        kind: 'failed',
        symptom: 'service: exited with code 1 before it answered',
        detail:
          '`node broken.js` exited with code 1 before it answered: Error: no configuration found for secret-scenario',
        log: 'service/service.log',
      }),
    );
    expect(pointed()).toBeNull();
  });

  test('never listens, ignores the signal: it is killed when the budget is over', async () => {
    const answer = await start(open({ start: 'echo $$; exec node deaf.js', timeout: 1 }));
    expect(answer).toMatchObject({
      value: { kind: 'failed', symptom: 'service: did not listen on its port within 1 s' },
    });
    expect(alive(Number(/^\d+$/m.exec(log())?.[0]))).toBe(false);
  });

  test('is never well', async () => {
    const answer = await start(open({ start: 'node sick.js', timeout: 1.5 }));
    expect(answer).toMatchObject({
      value: {
        symptom: 'service: was not healthy within 1.5 s: its health check returned status 500',
      },
    });
  });

  test('names a program that is not there', async () => {
    expect(await start(open({ start: 'no-such-server' }))).toMatchObject({
      value: { kind: 'failed', symptom: 'service: exited with code 127 before it answered' },
    });
  });
});

describe('what only a person can decide', () => {
  test('nobody knows how to start it', async () => {
    expect(await start(open(null))).toMatchObject({
      value: { kind: 'unclear', question: { subject: 'service', kind: 'service_unknown' } },
    });
    expect(
      await start(open(null, { setting: { kind: 'none' } }), 'script:node good.js'),
    ).toMatchObject({ value: { kind: 'unclear' } });
  });

  test('what was discovered never worked; a decision makes it work', async () => {
    const service = open(null);
    const answer = await start(service, 'script:node broken.js');
    expect(answer).toMatchObject({
      value: { kind: 'unclear', question: { kind: 'service_unhealthy' } },
    });
    const port = await getPort();
    const decided = { command: 'node good.js', port };
    const next = await service.ready({ action: 'start', commit: 'c1', start: decided }, never);
    expect(next).toMatchObject({ value: { kind: 'ready', source: 'declared' } });
  });

  test('what was discovered and once worked is the product’s to keep working', async () => {
    const service = open(null);
    expect(await start(service, 'script:node good.js')).toMatchObject({
      value: { kind: 'ready', source: 'package.json' },
    });
    const task = { action: 'restart', commit: 'script:node broken.js', start: null } as const;
    expect(await service.ready(task, never)).toMatchObject({ value: { kind: 'failed' } });
  });
});

describe('what is not the product’s fault', () => {
  test('its port is taken: says by whom, and the way out', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as AddressInfo;
    const answer = await start(open({ start: `node stubborn.js ${port}`, port }));
    expect(answer).toMatchObject({ ok: false });
    const detail = answer.ok ? '' : answer.error.detail;
    expect(detail).toContain(`port ${port} is taken by process ${process.pid} (`);
    expect(detail).toContain('listen on $PORT');
    holder.close();
  });

  test('the commit cannot be checked out', async () => {
    expect(await start(open({ start: 'node good.js' }), 'gone')).toEqual(
      err({ detail: 'gone: No such commit. Look.' }),
    );
  });

  test('the log folder cannot be made', async () => {
    await writeFile(join(root(), 'run'), 'a file');
    expect(await start(open({ start: 'node good.js' }))).toMatchObject({
      ok: false,
      error: { detail: expect.stringContaining('log folder') },
    });
  });

  test('the start is interrupted, by the signal or by stop', async () => {
    const control = new AbortController();
    const task = { action: 'start', commit: 'c1', start: null } as const;
    const first = open({ start: 'node deaf.js' });
    const aborted = first.ready(task, control.signal);
    setTimeout(() => control.abort(), 200);
    expect(await aborted).toMatchObject({ ok: false });

    const second = open({ start: 'node deaf.js' });
    const stopped = second.ready(task, never);
    setTimeout(() => void second.stop(), 200);
    expect(await stopped).toMatchObject({ ok: false });
  });
});
