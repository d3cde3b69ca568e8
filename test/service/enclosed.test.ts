import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { own } from '../../src/barrier/index.ts';
import type { ServiceDeclaration } from '../../src/domain/index.ts';
import { ok } from '../../src/domain/index.ts';
import type { RecordingProxy } from '../../src/evaluation/index.ts';
import { createProxy } from '../../src/evaluation/index.ts';
import type { Route } from '../../src/process/index.ts';
import { removeTree } from '../../src/process/index.ts';
import type { ServiceOptions, ServiceUnderTest } from '../../src/service/index.ts';
import { createService } from '../../src/service/index.ts';
import { enclosed } from '../rig/enclosed.ts';
import type { Enclosed } from '../rig/enclosed.ts';
import { behindWall } from '../rig/sandbox.ts';
import { processesOf } from '../rig/processes.ts';

const fixtures = fileURLToPath(new URL('../fixtures/service/', import.meta.url));
const never = new AbortController().signal;

let root: string;
let wall: Enclosed;
let proxies: RecordingProxy[];
let opened: ServiceUnderTest[];

behindWall('a service behind the wall', () => {
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'service-in-'));
    wall = await enclosed([root]);
    [proxies, opened] = [[], []];
  });
  afterEach(async () => {
    await Promise.all(opened.map((service) => service.stop()));
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await wall[Symbol.asyncDispose]();
    await removeTree(root);
  });

  let trees = 0;

  /** The fixtures, and a file with code of the test's own. */
  async function checkout(code: string) {
    const dir = join(root, 'trees', String((trees += 1)));
    await cp(fixtures, dir, { recursive: true });
    await writeFile(join(dir, 'package.json'), '{"type":"module"}');
    await writeFile(join(dir, 'own.js'), code);
    await writeFile(join(dir, 'version.txt'), 'one');
    await own(wall.sandbox, [dir]);
    return ok({ dir, dispose: () => removeTree(dir) });
  }

  async function open(declared: ServiceDeclaration, more: Partial<ServiceOptions> = {}) {
    const front = await createProxy();
    proxies.push(front);
    const service = createService({
      setting: { kind: 'declared', service: declared },
      checkout,
      front,
      environment: { PATH: process.env['PATH'] ?? '', HOME: root, SECRET_PLACE: root },
      runFolder: join(root, 'run'),
      sandbox: wall.sandbox,
      door: (port) => wall.network.door(port),
      marker: 'test',
      budgetMs: 20_000,
      graceMs: 200,
      ...more,
    });
    opened.push(service);
    return { service, front };
  }

  const start = (service: ServiceUnderTest, code = '') =>
    service.ready({ action: 'start', commit: code, start: null }, never);

  const text = async (front: RecordingProxy, path = '/') => (await fetch(front.url + path)).text();

  /** A service that answers with what `body` gives. */
  const answering = (body: string, port = 'process.env.PORT') =>
    `import http from 'node:http'; import fs from 'node:fs'; import net from 'node:net';
  http.createServer(async (q, a) => { if (q.url === '/health') return a.end();
    try { a.end(String(await (${body}))); } catch (e) { a.end(String(e.code ?? e.message)); } }).listen(${port});`;

  test('is reached through its door, on the port that it insists on, taken outside or not', async () => {
    const taken = createServer((_, answer) => answer.end('somebody else'));
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const one = await open({ start: 'node own.js', port });
    const two = await open({ start: 'node own.js', port });
    const code = answering('`port ${process.env.PORT}`', String(port));
    for (const { service } of [one, two]) {
      expect(await start(service, code)).toMatchObject({ ok: true, value: { kind: 'ready' } });
    }
    expect(await Promise.all([text(one.front), text(two.front)])).toEqual([
      `port ${port}`,
      `port ${port}`,
    ]);
    taken.close();
  });

  test.each([
    ['listens on ::1 only', 'node six.js'],
    ['listens late', 'node slow.js'],
  ])('one that %s is found', async (_, command) => {
    const { service } = await open({ start: command });
    expect(await start(service)).toMatchObject({ ok: true, value: { kind: 'ready' } });
  });

  test('one that never listens is told apart from one that dies', async () => {
    const idle = await open({ start: 'sleep 60', timeout: 1 });
    expect(await start(idle.service)).toMatchObject({
      value: { kind: 'failed', symptom: 'service: did not listen on its port within 1 s' },
    });
    const dies = await open({ start: 'sh -c "exit 3"' });
    expect(await start(dies.service)).toMatchObject({
      value: { kind: 'failed', symptom: 'service: exited with code 3 before it answered' },
    });
  });

  test('one that dies in the middle refuses from then on, and is started anew by a check', async () => {
    const { service, front } = await open({ start: 'node own.js' });
    const code = answering(`q.url === '/die' ? process.exit(1) : process.pid`);
    await start(service, code);
    const recording = front.record();
    await expect(fetch(`${front.url}/die`)).rejects.toThrow('fetch failed');
    expect((await fetch(front.url)).status).toBe(502);
    expect(recording.stop().map(({ error }) => error)).toEqual(['reset', 'refused']);
    const again = await service.ready({ action: 'check', commit: code, start: null }, never);
    expect(again).toMatchObject({ ok: true, value: { kind: 'ready' } });
    expect((await fetch(front.url)).status).toBe(200);
  });

  test('sees its own tree, may write there, and nothing else of this machine', async () => {
    const { service, front } = await open({ start: 'node own.js' });
    const code = answering(`q.url === '/write'
    ? (fs.writeFileSync('made', 'x'), fs.readdirSync('.').includes('made'))
    : fs.readdirSync(process.env.SECRET_PLACE)`);
    await start(service, code);
    expect(await text(front, '/write')).toBe('true');
    expect(await text(front, '/look')).toBe('trees');
  });

  test('reaches what it needs on this machine, and nothing else', async () => {
    const database = createTcpServer((peer) => peer.end('rows'));
    database.listen(0, '127.0.0.1');
    await once(database, 'listening');
    const { port } = database.address() as AddressInfo;
    const ask = (at: string) =>
      `new Promise((yes, no) => net.connect(${at}, '127.0.0.1').on('data', (d) => yes(d)).on('error', no))`;
    const code = answering(ask(`Number(q.url.slice(1))`));
    const { socket } = await wall.network.lead({ host: 'localhost', port });
    const routes: Route[] = [{ direction: 'out', port, socket }];
    const needy = await open({ start: 'node own.js' }, { routes });
    const other = await open({ start: 'node own.js' });
    await start(needy.service, code);
    await start(other.service, code);
    expect(await text(needy.front, `/${port}`)).toBe('rows');
    expect(await text(other.front, `/${port}`)).toBe('ECONNREFUSED');
    database.close();
  });

  test('a side instance has a door of its own; nothing is left of either', async () => {
    const { service, front } = await open({ start: 'node good.js', port: 4000 });
    await start(service);
    const side = await service.withProduct('', async ({ port, connect }) => {
      const proxy = await createProxy();
      proxies.push(proxy);
      proxy.point({ host: '127.0.0.1', port, ...(connect && { connect }) });
      return { port, said: await text(proxy) };
    });
    expect(side).toMatchObject({ ok: true, value: { port: 4000 } });
    expect(await text(front)).not.toBe('');
    await service.stop();
    expect((await fetch(front.url)).status).toBe(502);
  });

  test('all that it left behind ends with it', async () => {
    const { service, front } = await open({ start: 'node own.js' });
    const code = `import { spawn } from 'node:child_process';
    spawn('setsid', ['sleep', '98765'], { detached: true, stdio: 'ignore' }).unref();
    ${answering('1')}`;
    await start(service, code);
    expect(await text(front)).toBe('1');
    expect((await processesOf(root)).filter((line) => line.includes('sleep 98765'))).toHaveLength(
      1,
    );
    await service.stop();
    expect(await processesOf(root)).toEqual([]);
  });
});
