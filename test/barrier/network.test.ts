import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import http from 'node:http';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { allows } from '../../src/barrier/network/allow.ts';
import { outerLookup } from '../../src/barrier/network/inner.ts';
import { openNetwork } from '../../src/barrier/network/index.ts';
import type { Network } from '../../src/barrier/network/index.ts';

let temp: string;
let network: Network;
let upstream: (url: string) => string;
const servers: (Server | http.Server)[] = [];

beforeEach(async () => {
  temp = mkdtempSync(join(tmpdir(), 'network-'));
  upstream = () => '';
  network = await openNetwork({
    temp,
    sandbox: { kind: 'none' },
    logFile: join(temp, 'run', 'network.log'),
    upstream: (url) => upstream(url),
    now: () => new Date(0),
  });
});

afterEach(async () => {
  await network.close();
  for (const server of servers.splice(0)) server.close();
  rmSync(temp, { recursive: true, force: true });
});

async function listening(server: Server | http.Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const serve = (handler: http.RequestListener): Promise<number> =>
  listening(http.createServer(handler));

/** Asks a web proxy behind a unix socket for a tunnel. */
async function tunnel(
  socketPath: string,
  path: string,
): Promise<{ status: number; socket: Socket }> {
  const request = http.request({ socketPath, method: 'CONNECT', path }).end();
  const [response, socket] = (await Promise.race([
    once(request, 'connect'),
    once(request, 'response'),
  ])) as [http.IncomingMessage, Socket];
  return { status: response.statusCode ?? 0, socket };
}

async function get(options: http.RequestOptions): Promise<{ status: number; body: string }> {
  const request = http.get(options);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  return { status: response.statusCode ?? 0, body: (await response.toArray()).join('') };
}

describe('the allow-list', () => {
  test.each([
    ['example.org', 'example.org', 443, true],
    ['example.org', 'EXAMPLE.org.', 80, true],
    ['example.org', 'example.org', 22, false],
    ['example.org:22', 'example.org', 22, true],
    ['example.org:22', 'example.org', 443, false],
    ['example.org', 'a.example.org', 443, false],
    ['example.org', 'badexample.org', 443, false],
    ['*.example.org', 'a.b.example.org', 443, true],
    ['*.example.org', 'example.org', 443, false],
    ['*', 'anything.at.all', 443, true],
    ['*', '127.0.0.1', 80, false],
    ['*', '[::1]', 80, false],
    ['*', 'localhost', 80, false],
    ['*', 'x.localhost', 80, false],
    ['*.0.0.1', '127.0.0.1', 80, false],
    ['127.0.0.1:4873', '127.0.0.1', 4873, true],
  ])('%s and %s:%i: %s', (entry, host, port, answer) => {
    expect(allows([entry], host, port)).toBe(answer);
  });

  test('a name that leads to this machine is not found', async () => {
    const lookup = promisify<string, object, unknown>(outerLookup as never);
    await expect(lookup('localhost', {})).rejects.toThrow('this machine');
    await expect(lookup('127.0.0.1', { all: true })).rejects.toThrow('this machine');
    for (const { address } of Object.values(networkInterfaces()).flatMap((list) => list ?? []))
      await expect(lookup(address, {})).rejects.toThrow('this machine');
    expect(await lookup('192.0.2.1', {})).toBe('192.0.2.1');
  });
});

describe('the web proxy', () => {
  test('an allowed host is reached through a tunnel', async () => {
    const port = await serve((_, answer) => answer.end('hello'));
    const way = await network.proxy({ who: 'me', allow: [`127.0.0.1:${port}`] });
    const { status, socket } = await tunnel(way.socket, `127.0.0.1:${port}`);
    expect(status).toBe(200);
    expect(await get({ createConnection: () => socket })).toEqual({ status: 200, body: 'hello' });
    expect(existsSync(join(temp, 'run', 'network.log'))).toBe(false);
  });

  test('and by a plain request', async () => {
    const port = await serve((request, answer) => answer.end(`you want ${request.url}`));
    const way = await network.proxy({ who: 'me', allow: [`127.0.0.1:${port}`] });
    const path = `http://127.0.0.1:${port}/tea`;
    expect(await get({ socketPath: way.socket, path })).toMatchObject({ body: 'you want /tea' });
  });

  test('everything else is refused, and the log tells host and asker, once', async () => {
    const port = await serve((_, answer) => answer.end('secret'));
    const ways = [
      await network.proxy({ who: 'code agent for api, run 2', allow: ['example.org', '*'] }),
      await network.proxy({ who: 'install', allow: [] }),
    ];
    for (const { socket } of [...ways, ...ways]) {
      expect(await tunnel(socket, `127.0.0.1:${port}`)).toMatchObject({ status: 403 });
      const path = `http://localhost:${port}/?key=word`;
      expect(await get({ socketPath: socket, path })).toMatchObject({ status: 403 });
    }
    await network.close();
    expect(readFileSync(join(temp, 'run', 'network.log'), 'utf8').split('\n')).toEqual([
      `1970-01-01T00:00:00.000Z refused 127.0.0.1:${port}, asked for by code agent for api, run 2`,
      `1970-01-01T00:00:00.000Z refused localhost:${port}, asked for by code agent for api, run 2`,
      `1970-01-01T00:00:00.000Z refused 127.0.0.1:${port}, asked for by install`,
      `1970-01-01T00:00:00.000Z refused localhost:${port}, asked for by install`,
      '',
    ]);
  });

  test("the machine's own web proxy is used where it has one", async () => {
    const asked: string[] = [];
    const proxy = http.createServer();
    proxy.on('connect', (request: http.IncomingMessage, socket: Socket) => {
      asked.push(`${request.url} ${request.headers['proxy-authorization']}`);
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.once('data', () => socket.end('from afar'));
    });
    const port = await listening(proxy);
    upstream = (url) => (url.includes('example.org') ? `http://user:word@127.0.0.1:${port}` : '');
    const way = await network.proxy({ who: 'me', allow: ['example.org'] });
    const { status, socket } = await tunnel(way.socket, 'example.org:443');
    expect(status).toBe(200);
    socket.write('hello');
    expect((await socket.toArray()).join('')).toBe('from afar');
    expect(asked).toEqual([`example.org:443 Basic ${btoa('user:word')}`]);
  });

  test('a way that is closed is gone, with what went through it', async () => {
    const port = await listening(createServer());
    const way = await network.proxy({ who: 'me', allow: [`127.0.0.1:${port}`] });
    const { socket } = await tunnel(way.socket, `127.0.0.1:${port}`);
    const ended = once(socket.resume(), 'close');
    await way.close();
    await ended;
    await expect(tunnel(way.socket, `127.0.0.1:${port}`)).rejects.toThrow('ENOENT');
  });
});

describe('the gateway', () => {
  const secrets = new Map([['placeholder-1', 'sk-real']]);

  test('puts the credential in its place, and the path of the address before the path asked for', async () => {
    const seen: unknown[] = [];
    const port = await serve((request, answer) => {
      const { 'x-api-key': key, authorization, host } = request.headers;
      seen.push({ url: request.url, key, authorization, host });
      answer.end('{}');
    });
    const target = `http://127.0.0.1:${port}/base`;
    const { socket } = await network.gateway({ target, secrets });
    await get({
      socketPath: socket,
      path: '/v1/models?y',
      headers: { 'x-api-key': 'placeholder-1' },
    });
    await get({
      socketPath: socket,
      path: '/v1/models/one',
      headers: { authorization: 'Bearer placeholder-1', 'x-api-key': 'mine' },
    });
    const host = `127.0.0.1:${port}`;
    expect(seen).toEqual([
      { url: '/base/v1/models?y', key: 'sk-real', authorization: undefined, host },
      { url: '/base/v1/models/one', key: 'mine', authorization: 'Bearer sk-real', host },
    ]);
  });

  test.each([
    ['POST', '/v1/messages?beta=true', 200],
    ['POST', '/v1/messages/count_tokens', 200],
    ['POST', '/v1/responses', 200],
    ['GET', '/v1/models', 200],
    ['HEAD', '/', 200],
    ['POST', '/v1/files', 403],
    ['GET', '/v1/files', 403],
    ['GET', '/v1/files/file_1/content', 403],
    ['POST', '/v1/messages/batches', 403],
    ['GET', '/v1/responses/resp_1', 403],
    ['DELETE', '/v1/models/one', 403],
    ['POST', '/v1/files/../messages', 403],
    ['POST', '/v1/%66iles/messages', 403],
  ])('%s %s: %i', async (method, path, status) => {
    const port = await serve((_, answer) => answer.end('{}'));
    const { socket } = await network.gateway({ target: `http://127.0.0.1:${port}`, secrets });
    const request = http.request({ socketPath: socket, method, path }).end();
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(status);
  });

  test('an answer streams', async () => {
    let go = () => undefined as void;
    const gone = new Promise<void>((resolve) => {
      go = resolve;
    });
    const port = await serve(async (_, answer) => {
      answer.write('first ');
      await gone;
      answer.end('second');
    });
    const { socket } = await network.gateway({ target: `http://127.0.0.1:${port}`, secrets });
    const request = http.get({ socketPath: socket, agent: false });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    expect(String((await chunks.next()).value)).toBe('first ');
    go();
    expect(String((await chunks.next()).value)).toBe('second');
  });

  test('an API that is not there is an error in its own form, without a key', async () => {
    const server = createServer();
    const port = await listening(server);
    server.close();
    const { socket } = await network.gateway({ target: `http://127.0.0.1:${port}`, secrets });
    const answer = await get({ socketPath: socket, headers: { 'x-api-key': 'placeholder-1' } });
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.body)).toMatchObject({ type: 'error', error: { type: 'api_error' } });
    expect(answer.body).not.toContain('sk-real');
  });

  test("an API behind the machine's web proxy is reached through it", async () => {
    const proxy = http.createServer();
    const asked: string[] = [];
    proxy.on('connect', (request: http.IncomingMessage, socket: Socket) => {
      asked.push(request.url ?? '');
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    const port = await listening(proxy);
    upstream = () => `http://127.0.0.1:${port}`;
    const { socket } = await network.gateway({ target: 'https://api.example.org', secrets });
    expect(await get({ socketPath: socket })).toMatchObject({ status: 403 });
    expect(asked).toEqual(['api.example.org:443']);
  });
});

test('a lead goes to an address of this machine, each half in its time', async () => {
  const port = await listening(
    createServer({ allowHalfOpen: true }, (peer) => {
      peer.resume().on('end', () => peer.end('all heard'));
    }),
  );
  const { socket } = await network.lead({ host: '127.0.0.1', port });
  const client = connect({ path: socket, allowHalfOpen: true });
  client.end('hello');
  expect((await client.toArray()).join('')).toBe('all heard');
});

test('nothing is left of a network that is closed', async () => {
  const { socket } = await network.lead({ host: '127.0.0.1', port: 1 });
  const { route } = await network.door(3000);
  expect(existsSync(socket)).toBe(true);
  await network.close();
  expect([socket, route.socket].some((path) => existsSync(path))).toBe(false);
  await network.close();
});
