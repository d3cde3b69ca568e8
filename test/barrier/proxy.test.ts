import { existsSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import http from 'node:http';
import { createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { allows } from '../../src/barrier/network/allow.ts';
import { outerLookup } from '../../src/barrier/network/inner.ts';
import { get, openWays, tunnel } from './network-rig.ts';

const { network, log, listening, serve, behind } = openWays();

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
    const way = await network().proxy({ who: 'me', allow: [`127.0.0.1:${port}`] });
    const { status, socket } = await tunnel(way.socket, `127.0.0.1:${port}`);
    expect(status).toBe(200);
    expect(await get({ createConnection: () => socket })).toEqual({ status: 200, body: 'hello' });
    expect(existsSync(log())).toBe(false);
  });

  test('and by a plain request', async () => {
    const port = await serve((request, answer) => answer.end(`you want ${request.url}`));
    const way = await network().proxy({ who: 'me', allow: [`127.0.0.1:${port}`] });
    const path = `http://127.0.0.1:${port}/tea`;
    expect(await get({ socketPath: way.socket, path })).toMatchObject({ body: 'you want /tea' });
  });

  test('everything else is refused, and the log tells host and asker, once', async () => {
    const port = await serve((_, answer) => answer.end('secret'));
    const ways = [
      await network().proxy({ who: 'code agent for api, run 2', allow: ['example.org', '*'] }),
      await network().proxy({ who: 'install', allow: [] }),
    ];
    for (const { socket } of [...ways, ...ways]) {
      expect(await tunnel(socket, `127.0.0.1:${port}`)).toMatchObject({ status: 403 });
      const path = `http://localhost:${port}/?key=word`;
      expect(await get({ socketPath: socket, path })).toMatchObject({ status: 403 });
    }
    await network().close();
    expect(readFileSync(log(), 'utf8').split('\n')).toEqual([
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
    behind((url) => (url.includes('example.org') ? `http://user:word@127.0.0.1:${port}` : ''));
    const way = await network().proxy({ who: 'me', allow: ['example.org'] });
    const { status, socket } = await tunnel(way.socket, 'example.org:443');
    expect(status).toBe(200);
    socket.write('hello');
    expect((await socket.toArray()).join('')).toBe('from afar');
    expect(asked).toEqual([`example.org:443 Basic ${btoa('user:word')}`]);
  });

  test('a way that is closed is gone, with what went through it', async () => {
    const port = await listening(createServer());
    const way = await network().proxy({ who: 'me', allow: [`127.0.0.1:${port}`] });
    const { socket } = await tunnel(way.socket, `127.0.0.1:${port}`);
    const ended = once(socket.resume(), 'close');
    await way.close();
    await ended;
    await expect(tunnel(way.socket, `127.0.0.1:${port}`)).rejects.toThrow('ENOENT');
  });
});
