import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { RecordingProxy } from '../../src/evaluation/index.ts';
import { createProxy } from '../../src/evaluation/index.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function behind(product: http.Server | net.Server | null): Promise<RecordingProxy> {
  const proxy = await createProxy();
  open.push(proxy);
  if (product) {
    product.listen(0, '127.0.0.1');
    await once(product, 'listening');
    open.push({
      close: () => {
        product.close();
        if (product instanceof http.Server) product.closeAllConnections();
      },
    });
    proxy.point({ host: '127.0.0.1', port: (product.address() as AddressInfo).port });
  }
  return proxy;
}

test('records method, path, status and bodies of an exchange, and whether JSON is JSON', async () => {
  const proxy = await behind(
    http.createServer((request, response) => {
      const good = request.url?.startsWith('/good');
      response.setHeader('content-type', 'application/json; charset=utf-8');
      response.statusCode = good ? 201 : 200;
      response.end(good ? '{"a":1}' : '<html>');
    }),
  );
  const recording = proxy.record();
  await fetch(`${proxy.url}/good/x?token=1`, {
    method: 'POST',
    body: '{"b":2}',
    headers: { 'content-type': 'application/json' },
  });
  await fetch(`${proxy.url}/bad`);
  const [good, bad] = recording.stop();
  expect(good).toMatchObject({
    method: 'POST',
    path: '/good/x',
    query: '?token=1',
    status: 201,
    error: null,
    json: true,
    request: { contentType: 'application/json', body: '{"b":2}', bytes: 7 },
    response: { contentType: 'application/json', body: '{"a":1}' },
  });
  expect(bad).toMatchObject({ path: '/bad', status: 200, json: false });
});

test('passes HEAD, 204, chunked, slow and big bodies through unharmed', async () => {
  const big = Buffer.alloc(20 * 1024 * 1024, 'x');
  const proxy = await behind(
    http.createServer(async (request, response) => {
      if (request.url === '/none') response.writeHead(204).end();
      else if (request.url === '/head') response.writeHead(200, { 'content-length': '12' }).end();
      else if (request.url === '/slow') {
        response.write('one,');
        await new Promise((resolve) => setTimeout(resolve, 50));
        response.end('two');
      } else if (request.url === '/echo') request.pipe(response);
    }),
  );
  const recording = proxy.record();
  const head = await fetch(`${proxy.url}/head`, { method: 'HEAD' });
  expect(head.headers.get('content-length')).toBe('12');
  expect((await fetch(`${proxy.url}/none`)).status).toBe(204);
  expect(await (await fetch(`${proxy.url}/slow`)).text()).toBe('one,two');
  const echoed = await fetch(`${proxy.url}/echo`, { method: 'PUT', body: big });
  expect(Buffer.from(await echoed.arrayBuffer()).equals(big)).toBe(true);
  const seen = recording.stop();
  expect(seen.map((e) => [e.path, e.status, e.error])).toEqual([
    ['/head', 200, null],
    ['/none', 204, null],
    ['/slow', 200, null],
    ['/echo', 200, null],
  ]);
  expect(seen[3]?.response.bytes).toBe(big.length);
  expect(seen[3]?.response.body.length).toBeLessThan(100_000);
});

test('keeps the connection in front of it alive', async () => {
  const proxy = await behind(http.createServer((_request, response) => response.end('ok')));
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set<number | undefined>();
  for (let i = 0; i < 3; i += 1) {
    const request = http.get(`${proxy.url}/`, { agent });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    ports.add(request.socket?.localPort);
    response.resume();
    await once(response, 'end');
  }
  agent.destroy();
  expect(ports.size).toBe(1);
});

test('a product that is not there is refused, until another is put behind the same address', async () => {
  const proxy = await behind(http.createServer((_request, response) => response.end('here')));
  const recording = proxy.record();
  proxy.point(null);
  expect((await fetch(proxy.url)).status).toBe(502);
  const gone = net.createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const { port } = gone.address() as AddressInfo;
  gone.close();
  await once(gone, 'close');
  proxy.point({ host: '127.0.0.1', port });
  await fetch(proxy.url, { method: 'POST', body: 'x' });
  expect(recording.stop().map((e) => [e.status, e.error])).toEqual([
    [null, 'refused'],
    [null, 'refused'],
  ]);
});

test('tells a reset, a broken off body and an answer that never came apart', async () => {
  const proxy = await behind(
    net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (data) => {
        const path = data.toString().split(' ')[1];
        if (path === '/reset') socket.resetAndDestroy();
        if (path === '/half') {
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
          setTimeout(() => socket.destroy(), 20);
        }
      });
    }),
  );
  const recording = proxy.record();
  await expect(fetch(`${proxy.url}/reset`)).rejects.toThrow('fetch failed');
  await expect(fetch(`${proxy.url}/half`).then((r) => r.text())).rejects.toThrow('terminated');
  await expect(fetch(`${proxy.url}/hang`, { signal: AbortSignal.timeout(100) })).rejects.toThrow(
    'timeout',
  );
  const hanging = fetch(`${proxy.url}/open`).catch(() => null);
  await expect.poll(() => recording.peek().count).toBe(4);
  expect(recording.stop().map((e) => [e.path, e.status, e.error])).toEqual([
    ['/reset', null, 'reset'],
    ['/half', 200, 'reset'],
    ['/hang', null, 'timeout'],
    ['/open', null, 'timeout'],
  ]);
  await proxy.close();
  await hanging;
});

test('WebSocket upgrades pass through', async () => {
  const product = http.createServer();
  product.on('upgrade', (_request, socket) => {
    socket.on('error', () => socket.destroy());
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    );
    socket.pipe(socket);
    socket.on('error', () => undefined);
  });
  const proxy = await behind(product);
  const recording = proxy.record();
  const request = http.get(`${proxy.url}/ws`, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    },
  });
  const [, socket] = (await once(request, 'upgrade')) as [unknown, net.Socket];
  socket.write('ping');
  const [echo] = (await once(socket, 'data')) as [Buffer];
  expect(echo.toString()).toBe('ping');
  socket.destroy();
  expect(recording.stop()).toMatchObject([{ path: '/ws', status: 101, error: null }]);
});

test('an early answer to a long body arrives, as it would without a proxy', async () => {
  const proxy = await behind(
    http.createServer((_request, response) => {
      response.writeHead(413).end('{}');
    }),
  );
  const recording = proxy.record();
  for (let round = 0; round < 5; round += 1) {
    const sent = http.request(`${proxy.url}/upload`, { method: 'POST' });
    sent.on('error', () => undefined);
    // Node.js listens no more once the answer is here, and goes on writing.
    sent.on('socket', (socket) => socket.on('error', () => undefined));
    sent.end(Buffer.alloc(8 * 1024 * 1024));
    const [answer] = (await once(sent, 'response')) as [http.IncomingMessage];
    answer.resume();
    await once(answer, 'end');
    expect(answer.statusCode).toBe(413);
  }
  expect(recording.stop().map(({ status, error }) => [status, error])).toEqual(
    Array.from({ length: 5 }, () => [413, null]),
  );
});

test('every request goes to the product by a connection of its own', async () => {
  let connections = 0;
  const product = http.createServer((_, response) => response.end('ok'));
  product.on('connection', () => {
    connections += 1;
  });
  const proxy = await behind(product);
  const { port } = product.address() as AddressInfo;
  proxy.point({
    host: '127.0.0.1',
    port,
    // As through the door of a sandbox, where a connection that the product ended is not ended by that alone.
    connect: async () => {
      const socket = net.connect({ host: '127.0.0.1', port, allowHalfOpen: true });
      await once(socket, 'connect');
      return socket;
    },
  });
  for (let request = 0; request < 3; request += 1)
    expect(await (await fetch(`${proxy.url}/`)).text()).toBe('ok');
  expect(connections).toBe(3);
});
