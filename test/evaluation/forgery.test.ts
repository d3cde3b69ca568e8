import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { behindWall, sandbox } from '../rig/sandbox.ts';
import { Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await Rig.make();
});
afterEach(() => rig.dispose());

const CHECK = `
  const answer = await kit.get('/price');
  kit.assert.equal(answer.status, 200);
  kit.assert.equal(answer.json().price, 42);`;

/** A product that is right whenever `isRight` says so. */
const forged = (isRight: (request: IncomingMessage) => boolean) =>
  rig.serve((request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ price: isRight(request) ? 42 : 0 }));
  });

describe('a product that tells its judges from others', () => {
  test.each<[string, RegExp | undefined]>([
    ['no user agent, as a plain Node client', undefined],
    ['a browser', /Mozilla/],
  ])('by %s fails', async (_, agent) => {
    await forged(({ headers: { 'user-agent': name } }) =>
      agent === undefined ? name === undefined : agent.test(name ?? ''),
    );
    const result = await rig.verdict(CHECK);
    expect(result.outcome).toBe('failed');
    // It passed where it was recognised, which a person is shown as flakiness.
    expect(result.attempts.some(({ outcome }) => outcome === 'passed')).toBe(true);
  });

  test('by headers of ours: there are none', async () => {
    const seen = new Set<string>();
    await forged(({ headers }) => {
      for (const name of Object.keys(headers)) seen.add(name);
      return true;
    });
    expect((await rig.verdict(CHECK)).outcome).toBe('passed');
    expect([...seen].sort()).toEqual(['connection', 'host', 'user-agent']);
  });

  test('by a counter is flaky when it is right more often than not', async () => {
    let count = 0;
    await forged(() => (count += 1) % 3 !== 0);
    const flaky = await rig.verdict(CHECK);
    expect(flaky.outcome).toBe('passed');
    expect(flaky.attempts.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'failed']);
  });
});

describe('what a product says of errors that are a check’s own makes no check broken', () => {
  test('in an answer', async () => {
    await rig.serve(
      (_, response) => void response.writeHead(500).end('EMFILE: too many open files'),
    );
    const result = await rig.verdict(`kit.assert.equal((await kit.get('/')).text, 'fine');`);
    expect(result.outcome).toBe('failed');
  });

  test('from an export', async () => {
    const body = `await (await kit.load('exhaust'))();`;
    expect((await rig.verdict(body, { needsService: false })).outcome).toBe('failed');
  });
});

test('a service that dies at every third request fails', async () => {
  let requests = 0;
  const dies = (request: IncomingMessage, response: ServerResponse) => {
    requests += 1;
    if (requests % 3 === 0) request.socket.destroy();
    else response.end('ok');
  };
  await rig.serve(dies);
  const result = await rig.verdict(`
    for (let turn = 0; turn < 3; turn += 1) kit.assert.equal((await kit.get('/')).text, 'ok');`);
  expect(result.outcome).toBe('failed');
});

behindWall('in a sandbox', () => {
  test('a check is bounded and judged as it is without one', async () => {
    const alone = { needsService: false };
    const bench = { sandbox, attemptMs: 20_000 };
    const run = `const { stdout } = await kit.run(['echo', 'here']);\n`;
    const fine = await rig.verdict(`${run}kit.assert.equal(stdout, 'here\\n');`, alone, bench);
    expect([fine.outcome, fine.reason]).toEqual(['passed', undefined]);
    const big = `const { writeFileSync } = await import('node:fs');
      writeFileSync('big', Buffer.alloc(2e8));`;
    const result = await rig.verdict(`${run}${big}`, alone, bench);
    expect([result.outcome, result.reason]).toEqual([
      'inconclusive',
      expect.stringContaining('EFBIG'),
    ]);
  });
});
