import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { once } from 'node:events';
import http from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dial } from '../../src/barrier/network/dial.ts';
import { BRIDGE } from '../../src/barrier/network/index.ts';
import type { Exit, Route, Running, SpawnPlan } from '../../src/process/index.ts';
import { run, spawn } from '../../src/process/index.ts';

let folder: string;
const servers: Server[] = [];
const running: Running[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-'));
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
  for (const server of servers.splice(0)) server.close();
  rmSync(folder, { recursive: true, force: true });
});

const plan = (routes: readonly Route[], command: readonly string[]): SpawnPlan => ({
  label: 'bridge',
  command: [process.execPath, BRIDGE, JSON.stringify(routes), '--', ...command],
  cwd: folder,
  env: { PATH: process.env['PATH'] ?? '', KEPT: 'yes' },
  limits: { wallMs: 20_000, graceMs: 5000 },
});

const bridge = (routes: readonly Route[], command: readonly string[]): Promise<Exit> =>
  run(plan(routes, command), { kind: 'none' });

/** Starts and waits until the command has said a line. */
async function start(routes: readonly Route[], source: string): Promise<Running> {
  let said = () => undefined as void;
  const speaks = new Promise<void>((resolve) => {
    said = resolve;
  });
  const started = spawn(
    plan(routes, [process.execPath, '-e', source]),
    { kind: 'none' },
    { onLine: () => said() },
  );
  running.push(started);
  await speaks;
  return started;
}

async function listening(server: Server, at: object): Promise<number> {
  servers.push(server);
  server.listen(at);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** GET over a connection through the wall. */
async function get(socket: string, path = '/'): Promise<string> {
  const connection = await dial(socket);
  const request = http.get({ path, createConnection: () => connection });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  return (await response.toArray()).join('');
}

test('the command gets streams, environment and arguments, and its code is the code', async () => {
  const source = 'console.log(process.env.KEPT, process.argv[1]); process.exit(7)';
  const exit = await bridge([], [process.execPath, '-e', source, 'a b']);
  expect(exit).toMatchObject({ code: 7, stdout: 'yes a b\n', stderr: '' });
});

test('a signal that ends the command ends the bridge', async () => {
  const exit = await bridge([], ['sh', '-c', 'kill -KILL $$']);
  expect(exit).toMatchObject({ cause: 'signalled', signal: 'SIGKILL' });
});

test('the command may have a last word when it is asked to end', async () => {
  const asked = await start(
    [],
    `process.on('SIGTERM', () => { console.log('bye'); process.exit(3); }); setInterval(() => 0, 1e6); console.log('up')`,
  );
  process.kill(asked.pid ?? 0, 'SIGTERM');
  expect(await asked.ended).toMatchObject({ code: 3, stdout: 'up\nbye\n' });
});

test('a command that does not exist is told', async () => {
  const exit = await bridge([], ['no-such-program']);
  expect(exit.code).toBe(127);
  expect(exit.stderr).toContain('no-such-program');
});

test('a message channel is handed on', async () => {
  const messages: unknown[] = [];
  const source = `process.on('message', (m) => { process.send({ heard: m }); process.disconnect(); })`;
  const spec = plan([], [process.execPath, '-e', source]);
  const started = spawn(
    {
      ...spec,
      command: [
        'sh',
        '-c',
        'BRIDGE_CHANNEL_FD=$NODE_CHANNEL_FD; export BRIDGE_CHANNEL_FD; unset NODE_CHANNEL_FD; exec "$@"',
        'sh',
        ...spec.command,
      ],
      ipc: true,
    },
    { kind: 'none' },
    { onMessage: (message) => messages.push(message) },
  );
  started.send({ said: new Map([['a', 1]]) });
  expect(await started.ended).toMatchObject({ code: 0 });
  expect(messages).toEqual([{ heard: { said: new Map([['a', 1]]) } }]);
});

test('out: what is sent to the port inside reaches the socket of the host, halves closed one by one', async () => {
  const socket = join(folder, 'out');
  await listening(
    createServer({ allowHalfOpen: true }, (peer) => {
      let heard = '';
      peer.on('data', (chunk) => (heard += String(chunk)));
      peer.on('end', () => peer.end(`heard ${heard}`));
    }),
    { path: socket },
  );
  const port = await getPort();
  const source = `const s = require('net').connect({ port: ${port}, host: '127.0.0.1', allowHalfOpen: true }); s.end('hello'); s.pipe(process.stdout)`;
  const exit = await bridge([{ direction: 'out', port, socket }], [process.execPath, '-e', source]);
  expect(exit).toMatchObject({ code: 0, stdout: 'heard hello' });
});

test('out: a socket that nobody listens on breaks the connection', async () => {
  const port = await getPort();
  const source = `require('net').connect(${port}, '127.0.0.1').on('error', (e) => console.log(e.code)).on('end', () => console.log('end'))`;
  const route: Route = { direction: 'out', port, socket: join(folder, 'nobody') };
  const exit = await bridge([route], [process.execPath, '-e', source]);
  expect(exit.stdout).toBe('ECONNRESET\n');
});

test.each(['127.0.0.1', '::1'])('in: a service on %s is reached', async (host) => {
  const [port, socket] = [await getPort(), join(folder, 'in')];
  await start(
    [{ direction: 'in', port, socket }],
    `require('http').createServer((q, a) => a.end('at ' + q.url)).listen(${port}, '${host}', () => console.log('up'))`,
  );
  expect(await get(socket, '/tea')).toBe('at /tea');
});

test('in: nothing listening is a refusal, and so is what has gone', async () => {
  const [port, socket] = [await getPort(), join(folder, 'in')];
  const route: Route = { direction: 'in', port, socket };
  const idle = await start([route], `setInterval(() => 0, 1e6); console.log('up')`);
  await expect(dial(socket)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await idle.stop();
  await expect(dial(socket)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('in: a link that is put in place of the socket is not followed', async () => {
  const secret = join(folder, 'secret');
  await listening(
    createServer((peer) => peer.end('\u0006secret')),
    { path: secret },
  );
  symlinkSync(secret, join(folder, 'in'));
  await expect(dial(join(folder, 'in'))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a route that cannot be opened is told, and the command does not start', async () => {
  const port = await listening(createServer(), { port: 0, host: '127.0.0.1' });
  const route: Route = { direction: 'out', port, socket: join(folder, 'out') };
  const exit = await bridge([route], ['echo', 'started']);
  expect(exit).toMatchObject({ code: 125, stdout: '' });
  expect(exit.stderr).toContain('a route through the sandbox cannot be opened');
});
