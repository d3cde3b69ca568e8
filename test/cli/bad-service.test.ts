import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { StatusJson } from '../../src/report/index.ts';
import type { Project } from '../rig/project.ts';
import {
  expectEnd,
  expectRecovery,
  leftovers,
  MANIFEST,
  program,
  runTiny,
  served,
  shutIn,
  SPEC,
  tiny,
} from './bad-rig.ts';

const service = (mode: string, extra = ''): string =>
  `${process.execPath} service.mjs ${mode} ${extra}`;

describe('a service that is the product’s failure', () => {
  async function fails(project: Project, says: RegExp): Promise<void> {
    const manifest = await project.read(MANIFEST);
    await project.write(MANIFEST, manifest.replace('max_iterations: 2', 'max_iterations: 1'));
    const ended = await runTiny(project, ['--attempt-timeout', '1']);
    expectEnd(ended, 3, says, /decide 001-tiny pinger --retry/);
    expect(await project.read(MANIFEST)).toContain('- [ ]');
    expect(await leftovers(project)).toEqual([]);
  }

  test.each<[string, string, RegExp]>([
    ['never listens', service('never'), /service: did not listen on its port within 1 s/],
    ['ends at once', service('ends'), /exited with code 3 before it answered.*cannot find my conf/],
    ['becomes a daemon', service('daemon'), /service: exited|GET \/ping: /],
    ['dies later', service('diesLater'), /GET \/ping: /],
  ])('%s', async (_, start, says) => {
    const settings = served(start, { timeout: 1 });
    await using project = await shutIn('pinger', { settings, checks: 'stub' });
    await fails(project, says);
  });

  test.each<[string, string, RegExp]>([
    ['does not exist', 'no-such-server --port', /exited with code 127 before it answered/],
    ['is no shell command', 'node server.js && (', /exited with code 2 before it answered/],
    [
      'is never well',
      service('sick'),
      /not healthy within 1 s: its health check returned status 503/,
    ],
  ])('%s, wall or not', async (_, start, says) => {
    await using project = await tiny('pinger', { settings: served(start, { timeout: 1 }) });
    await fails(project, says);
  });
});

/** Scenario → what comes of it, and why; its check or the route it asks for is in `fixtures/bad`. */
const ODD: Readonly<Record<string, readonly [string, RegExp?]>> = {
  answers: ['passed'],
  'deletes-its-folder': ['passed'],
  'reads-a-file': ['inconclusive', /of its own.*ENOENT/],
  'writes-a-gigabyte': ['inconclusive', /EFBIG/],
  // Refused at once, or busy with being refused.
  'opens-10000-connections': ['inconclusive', /EMFILE|took longer than 3 s/],
  'never-ends': ['inconclusive', /took longer than 3 s/],
  'prints-results': ['inconclusive', /without a verdict/],
  'right-for-curl': ['failed'],
  'right-every-third-time': ['failed'],
  'never-answered': ['failed'],
  'answered-for-ever': ['failed'],
  'no-http': ['failed'],
  'round-and-round': ['failed'],
  // It takes the group's service with it.
  'third-time': ['failed'],
};

test('odd checks on an odd service: each comes to what it is, and nothing is left behind', async () => {
  await using project = await shutIn('pinger', { settings: served(service('odd')) });
  const manifest = await project.read(MANIFEST);
  await project.write(MANIFEST, manifest.replace('max_iterations: 2', 'max_iterations: 1'));
  for (const name of Object.keys(ODD))
    await project.write(`${SPEC}/scenarios/pinger/${name}.md`, `# ${name}\n\nIt is so.\n`);
  await project.commit('More scenarios');
  const flags = ['--evaluator', program('author.mjs', 'odd'), '--attempt-timeout', '3'];
  const ended = await runTiny(project, flags);
  expectEnd(ended, 3, /decide 001-tiny pinger --retry/);

  const { stdout } = await project.cli(['status', '001', '--json']);
  const [unit] = StatusJson.parse(JSON.parse(stdout)).units;
  const outcomes = unit?.scenarios.map(({ name, outcome }) => [name, outcome]) ?? [];
  expect(Object.fromEntries(outcomes)).toEqual(
    Object.fromEntries(Object.entries(ODD).map(([name, [outcome]]) => [name, outcome])),
  );
  const flaky = unit?.scenarios.flatMap((each) => (each.flaky ? [each.name] : []));
  expect(flaky?.sort()).toEqual(['right-every-third-time', 'right-for-curl']);
  const lines = ended.stderr.split('\n');
  for (const [name, [, reason]] of Object.entries(ODD))
    if (reason !== undefined)
      expect(lines.find((line) => line.includes(`inconclusive: ${name} `))).toMatch(reason);
  expect(await leftovers(project)).toEqual([]);
  const left = await readdir(project.root, { recursive: true });
  expect(left.filter((path) => /attempt-|(^|\/)(big|s\d+)$/.test(path))).toEqual([]);
  expect(await readdir(`${project.root}/tmp`)).toEqual([]);
});

describe('a service that is odd, but answers', () => {
  test.each(['chatty', 'deaf', 'family'])('%s', async (mode) => {
    await using project = await shutIn('pinger', {
      settings: served(service(mode)),
      checks: 'stub',
    });
    expectEnd(await runTiny(project), 0, 'completed');
    expect(await leftovers(project)).toEqual([]);
  });
});

test('a declared port that is taken: the message says who holds it, and once it is free the run goes on', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const settings = served(service('insists', String(port)), { port });
  // In a sandbox every service has all ports for itself.
  await using project = await tiny('pinger', { settings });
  const ended = await runTiny(project);
  expectEnd(ended, 75, `port ${port} is taken by process ${process.pid}`, /end it, or let .*PORT/);
  expect(await leftovers(project)).toEqual([]);
  holder.close();
  await once(holder, 'close');
  await expectRecovery(project);
});

test('nobody knows how it is started: a question, and an answer', async () => {
  await using project = await shutIn('pinger', {
    settings: 'description: none declared',
    checks: 'stub',
  });
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
