import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServiceDeclaration } from '../../src/domain/index.ts';
import { err, ok } from '../../src/domain/index.ts';
import type { ServiceOptions, ServiceUnderTest } from '../../src/service/index.ts';
import { createService } from '../../src/service/index.ts';
import { alive } from '../process/alive.ts';

const fixtures = fileURLToPath(new URL('../fixtures/service/', import.meta.url));
const never = new AbortController().signal;

let root: string;
let pointed: ({ host: string; port: number } | null)[];
let opened: ServiceUnderTest[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'service-test-'));
  [pointed, opened] = [[], []];
});
afterEach(async () => {
  await Promise.all(opened.map((service) => service.stop()));
  await rm(root, { recursive: true });
});

/** A product whose every commit is the fixtures plus `version.txt` with the commit's name. */
async function checkout(commit: string, name: string) {
  if (commit === 'gone') return err({ where: 'gone', what: 'No such commit.', remedy: 'Look.' });
  const dir = join(root, 'trees', name);
  await cp(fixtures, dir, { recursive: true });
  await writeFile(join(dir, 'version.txt'), commit);
  await writeFile(join(dir, 'package.json'), '{"type":"module"}');
  if (commit.startsWith('script:')) {
    const start = commit.slice('script:'.length);
    await writeFile(
      join(dir, 'package.json'),
      JSON.stringify({ type: 'module', scripts: { start } }),
    );
  }
  return ok({ dir, dispose: () => rm(dir, { recursive: true, force: true }) });
}

function open(declared: ServiceDeclaration | null, more: Partial<ServiceOptions> = {}) {
  const service = createService({
    setting: declared === null ? { kind: 'undeclared' } : { kind: 'declared', service: declared },
    checkout,
    front: { url: 'http://front', point: (target) => pointed.push(target) },
    environment: { PATH: process.env['PATH'] ?? '', HOME: root },
    runFolder: join(root, 'run'),
    sandbox: { kind: 'none' },
    marker: 'test',
    budgetMs: 20_000,
    graceMs: 200,
    ...more,
  });
  opened.push(service);
  return service;
}

const start = (service: ServiceUnderTest, commit = 'c1') =>
  service.ready({ action: 'start', commit, start: null }, never);

async function ask(path = '/'): Promise<string> {
  const { host, port } = pointed.at(-1) ?? { host: '', port: 0 };
  return (await fetch(`http://${host.includes(':') ? `[${host}]` : host}:${port}${path}`)).text();
}
const pidOf = async () => Number((await ask()).split(' ').at(-1));
const logOf = () => readFileSync(join(root, 'run/service/service.log'), 'utf8');

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
    expect(pointed.at(-1)).toBeNull();
    expect(logOf()).toContain('listening, green\n');
    expect(await readdir(join(root, 'trees'))).toEqual([]);
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
    expect(pointed.at(-1)?.host).toBe('::1');
  });

  test('may speak no HTTP, or have no route we know', async () => {
    expect(await start(open({ start: 'node raw.js' }))).toMatchObject({ value: { kind: 'ready' } });
    expect(await start(open({ start: 'node six.js' }))).toMatchObject({ value: { kind: 'ready' } });
  });

  test('may ignore PORT and listen where it was declared to', async () => {
    const port = await getPort();
    const answer = await start(open({ start: `node stubborn.js ${port}`, port }));
    expect(answer).toMatchObject({ value: { kind: 'ready' } });
    expect(pointed.at(-1)).toEqual({ host: '127.0.0.1', port });
  });

  test('may be started by a list of shell commands', async () => {
    const declared = { start: 'cd . && COLOUR=red node good.js' };
    expect(await start(open(declared))).toMatchObject({ value: { kind: 'ready' } });
    expect(logOf()).toContain('listening, red\n');
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
    expect(pointed.at(-1)).toBeNull();
  });

  test('never listens, ignores the signal: it is killed when the budget is over', async () => {
    const answer = await start(open({ start: 'echo $$; exec node deaf.js', timeout: 1 }));
    expect(answer).toMatchObject({
      value: { kind: 'failed', symptom: 'service: did not listen on its port within 1 s' },
    });
    expect(alive(Number(/^\d+$/m.exec(logOf())?.[0]))).toBe(false);
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
    await writeFile(join(root, 'run'), 'a file');
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

describe('a side instance', () => {
  test('runs another commit beside the service, and leaves nothing', async () => {
    const service = open({ start: 'node good.js' });
    await start(service);
    let pid = 0;
    const seen = await service.withProduct('c7', async ({ url, dir }) => {
      const [version = '', id] = (await (await fetch(url)).text()).split(' ');
      pid = Number(id);
      expect(existsSync(join(dir, 'good.js'))).toBe(true);
      return version;
    });
    expect(seen).toEqual(ok('c7'));
    expect(alive(pid)).toBe(false);
    expect(await ask()).toMatch(/^c1 /);
    expect(await readdir(join(root, 'trees'))).toEqual(['service']);
  });

  test('is gone when its use throws', async () => {
    const service = open({ start: 'node good.js' });
    let url = '';
    const bug = service.withProduct('c1', (instance) => {
      ({ url } = instance);
      throw new Error('a bug');
    });
    await expect(bug).rejects.toThrow('a bug');
    await expect(fetch(url)).rejects.toThrow('fetch failed');
    expect(await readdir(join(root, 'trees'))).toEqual([]);
  });

  test('that does not start tells whether the product is to blame', async () => {
    await mkdir(join(root, 'trees'));
    const broken = await open({ start: 'node broken.js' }).withProduct('c1', async () => 1);
    expect(broken).toMatchObject({
      error: { symptom: 'service: exited with code 1 before it answered' },
    });
    const gone = await open({ start: 'node good.js' }).withProduct('gone', async () => 1);
    expect(gone).toMatchObject({ error: { symptom: null } });
    expect(await readdir(join(root, 'trees'))).toEqual([]);
  });
});
