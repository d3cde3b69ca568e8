import { existsSync } from 'node:fs';
import { once } from 'node:events';
import http from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { get, openWays } from './network-rig.ts';

const { network, listening, serve, behind } = openWays();

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
    const { socket } = await network().gateway({ target, secrets });
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
    const { socket } = await network().gateway({ target: `http://127.0.0.1:${port}`, secrets });
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
    const { socket } = await network().gateway({ target: `http://127.0.0.1:${port}`, secrets });
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
    const { socket } = await network().gateway({ target: `http://127.0.0.1:${port}`, secrets });
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
    behind(() => `http://127.0.0.1:${port}`);
    const { socket } = await network().gateway({ target: 'https://api.example.org', secrets });
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
  const { socket } = await network().lead({ host: '127.0.0.1', port });
  const client = connect({ path: socket, allowHalfOpen: true });
  client.end('hello');
  expect((await client.toArray()).join('')).toBe('all heard');
});

test('nothing is left of a network that is closed', async () => {
  const { socket } = await network().lead({ host: '127.0.0.1', port: 1 });
  const { route } = await network().door(3000);
  expect(existsSync(socket)).toBe(true);
  await network().close();
  expect([socket, route.socket].some((path) => existsSync(path))).toBe(false);
  await network().close();
});
