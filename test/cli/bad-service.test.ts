import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import {
  expectEnd,
  expectRecovery,
  leftovers,
  MANIFEST,
  program,
  runTiny,
  served,
  shutIn,
} from './bad-rig.ts';

const service = (mode: string, extra = ''): string =>
  `${process.execPath} service.mjs ${mode} ${extra}`;

describe('a service that is the product’s failure', () => {
  test.each<[string, string, RegExp]>([
    ['never listens', service('never'), /service: did not listen on its port within 1 s/],
    ['ends at once', service('ends'), /exited with code 3 before it answered.*cannot find my conf/],
    ['does not exist', 'no-such-server --port', /exited with code 127 before it answered/],
    ['is no shell command', 'node server.js && (', /exited with code 2 before it answered/],
    [
      'is never well',
      service('sick'),
      /not healthy within 1 s: its health check returned status 503/,
    ],
    ['becomes a daemon', service('daemon'), /service: exited|GET \/ping: /],
    ['dies later', service('diesLater'), /GET \/ping: /],
    ['answers slowly', service('slow'), /GET \/ping: /],
    ['speaks no HTTP', service('garbage'), /GET \/ping: /],
    ['never ends an answer', service('endless'), /GET \/ping: /],
  ])('%s', async (_, start, says) => {
    await using project = await shutIn('pinger', { settings: served(start, { timeout: 1 }) });
    const manifest = await project.read(MANIFEST);
    await project.write(MANIFEST, manifest.replace('max_iterations: 2', 'max_iterations: 1'));
    const ended = await runTiny(project, ['--attempt-timeout', '1']);
    expectEnd(ended, 3, says, /decide 001-tiny pinger --retry/);
    expect(await project.read(MANIFEST)).toContain('- [ ]');
    expect(await leftovers(project)).toEqual([]);
  });
});

describe('a service that is odd, but answers', () => {
  test.each(['chatty', 'deaf', 'family'])('%s', async (mode) => {
    await using project = await shutIn('pinger', { settings: served(service(mode)) });
    expectEnd(await runTiny(project), 0, 'completed');
    expect(await leftovers(project)).toEqual([]);
  });
});

test('a declared port that is taken: the message says who holds it, and once it is free the run goes on', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const settings = served(service('insists', String(port)), { port });
  await using project = await shutIn('pinger', { settings });
  // In a sandbox every service has all ports for itself.
  const ended = await runTiny(project, ['--barrier', 'advisory']);
  expectEnd(ended, 75, `port ${port} is taken by process ${process.pid}`, /end it, or let .*PORT/);
  expect(await leftovers(project)).toEqual([]);
  holder.close();
  await once(holder, 'close');
  await expectRecovery(project);
});

test('nobody knows how it is started: a question, and an answer', async () => {
  await using project = await shutIn('pinger', { settings: 'description: none declared' });
  const odd = ['--agent', program('coder.mjs', 'oddServer')];
  expectEnd(
    await runTiny(project, odd),
    3,
    /no start command was found/,
    /decide 001-tiny service --start/,
  );
  const answer = ['decide', '001', 'service', '--start', 'node lib/pong.js', '--port', '3000'];
  expectEnd(await project.cli(answer), 0);
  await expectRecovery(project);
});
