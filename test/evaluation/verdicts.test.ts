import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await Rig.make();
});
afterEach(() => rig.dispose());

const json = (value: unknown, status = 200) => ({
  status,
  headers: { 'content-type': 'application/json' },
  text: JSON.stringify(value),
});

async function serveJson(value: unknown, status = 200): Promise<void> {
  const { headers, text } = json(value, status);
  await rig.serve((_request, response) => response.writeHead(status, headers).end(text));
}

describe('on the service', () => {
  test('three runs on the group are enough for a scenario that passes', async () => {
    await serveJson({ id: 7 }, 201);
    const result = await rig.verdict(`
      const made = await kit.post('/things', { json: { name: 'x' } });
      kit.assert.equal(made.status, 201);
      kit.assert.equal(made.headers['content-type'], 'application/json');
      kit.assert.equal(made.headers.get('Content-Type'), 'application/json');
      kit.assert.deepEqual(made.json(), { id: 7 });`);
    expect(result.outcome).toBe('passed');
    expect(result.attempts.map((a) => [a.outcome, a.on])).toEqual(
      Array.from({ length: 3 }, () => ['passed', 'group']),
    );
    expect(rig.sides).toBe(0);
    expect(readdirSync(rig.bench.scratch)).toEqual([]);
  });

  test('beside another unit it is measured on an instance of its own, or in turn on the group’s where none can be had', async () => {
    await serveJson({});
    rig.aside = true;
    const once = () => rig.verdict(`kit.assert.equal((await kit.get('/health')).status, 200);`);
    const places = async () => (await once()).attempts.map(({ on }) => on).join(' ');
    expect(await places()).toBe('side side side');
    expect([rig.sides, rig.notes]).toEqual([1, []]);
    rig.noSide = 'no port is free';
    expect(await places()).toBe('group group group');
    expect(rig.notes).toEqual([expect.stringMatching(/^api is .*no port is free/)]);
  });

  test('a failure is confirmed on three fresh instances, and only what was seen is passed on', async () => {
    await serveJson({}, 404);
    const measured = await rig.evaluate([
      rig.check('missing', `kit.assert.equal((await kit.get('/health')).status, 200);`),
    ]);
    const [result] = measured.scenarios;
    expect(result?.outcome).toBe('failed');
    const places = result?.attempts.map((a) => a.on).join(' ');
    expect(places).toBe('group group group side side side');
    expect(rig.sides).toBe(3);
    expect(rig.seen).toHaveLength(3);
    expect(rig.seen[0]).toMatchObject({
      kind: 'http',
      method: 'GET',
      path: '/health',
      status: 404,
      part: 'status',
    });
    const evidence = readFileSync(path.join(rig.runDir, result?.evidence ?? ''), 'utf8');
    expect(JSON.parse(evidence)).toMatchObject({ scenario: 'missing', outcome: 'failed' });
  });

  test('what the side instances show decides over a group service that others disturbed', async () => {
    await serveJson({}, 500);
    rig.sideHandler = (_request, response) => response.writeHead(200).end('{}');
    const result = await rig.verdict(`kit.assert.equal((await kit.get('/')).status, 200);`);
    expect(result.outcome).toBe('passed');
    expect(result.attempts).toHaveLength(6);
  });

  test.each([
    ['body', `kit.assert.deepEqual((await kit.get('/')).json(), { a: 1 });`],
    ['header', `kit.assert.equal((await kit.get('/')).headers['content-type'], 'text/html');`],
    [undefined, `throw new Error('no ' + (await kit.get('/')).text);`],
  ])('tells that it was about the %s, where the assertion shows it', async (part, body) => {
    await serveJson({ a: 2 });
    await rig.verdict(body);
    expect((rig.seen[0] as { part?: string }).part).toBe(part);
  });

  test('what the product broke on first is told, not what came of it', async () => {
    await rig.serve((request, response) =>
      response.writeHead(request.url === '/make' ? 500 : 404).end(),
    );
    await rig.verdict(
      `await kit.post('/make'); kit.assert.equal((await kit.get('/x')).status, 200);`,
    );
    expect(rig.seen[0]).toMatchObject({ method: 'POST', path: '/make', status: 500 });
  });

  test('a scenario without a check stays in the denominator', async () => {
    await serveJson({});
    const check = rig.check('it', `kit.assert.ok((await kit.get('/')).ok);`);
    const { scenarios } = await rig.evaluate([check], {}, ['forgotten', 'refused']);
    expect(scenarios.map((s) => [s.name, s.outcome, s.reason])).toEqual([
      ['forgotten', 'inconclusive', 'it has no check'],
      ['refused', 'inconclusive', 'no check'],
      ['it', 'passed', undefined],
    ]);
  });

  test('one bad run of three is forgiven', async () => {
    let count = 0;
    await rig.serve((_request, response) => {
      count += 1;
      response.writeHead(count === 2 ? 500 : 200).end();
    });
    const result = await rig.verdict(`kit.assert.equal((await kit.get('/')).status, 200);`);
    expect(result.outcome).toBe('passed');
    expect(result.attempts.map((a) => a.outcome)).toEqual(['passed', 'failed', 'passed']);
  });

  test('an address of this machine in a check is the product, whatever its port', async () => {
    await serveJson({ ok: true });
    const result = await rig.verdict(`
      kit.assert.equal((await kit.get('http://localhost:3000/a?b=1')).status, 200);
      kit.assert.equal((await fetch('http://127.0.0.1:8080/b')).status, 200);`);
    expect(result.outcome).toBe('passed');
  });

  test('until asks again, and at its end gives the last failure', async () => {
    let count = 0;
    await rig.serve((_request, response) => {
      count += 1;
      response.writeHead(count % 3 === 0 ? 200 : 404).end();
    });
    const result = await rig.verdict(`
      await kit.until(async () => kit.assert.equal((await kit.get('/')).status, 200), { everyMs: 5 });
      await kit.assert.rejects(
        kit.until(() => kit.assert.equal(1, 2, 'never'), { timeoutMs: 20, everyMs: 5 }), /never/);
      await kit.assert.rejects(kit.until(() => false, { timeoutMs: 20, everyMs: 5 }));`);
    expect(result.outcome).toBe('passed');
  });

  test('redirects are answers; a product that redirects for ever fails', async () => {
    await rig.serve((request, response) =>
      response.writeHead(302, { location: request.url ?? '/' }).end(),
    );
    const seen = await rig.verdict(`kit.assert.equal((await kit.get('/x')).status, 302);`);
    expect(seen.outcome).toBe('passed');
    const followed = await rig.verdict(`await kit.get('/x', { follow: true });`);
    expect(followed.outcome).toBe('failed');
  });

  test.each([
    ['hangs', `await kit.get('/', { timeoutMs: 200 });`, 'timeout'],
    ['hangs beyond the attempt', `await kit.get('/');`, 'timeout'],
    ['resets', `await kit.get('/reset');`, 'reset'],
  ])('a product that %s fails', async (_name, body, error) => {
    await rig.serve((request) => {
      if (request.url === '/reset') request.socket.resetAndDestroy();
    });
    const result = await rig.verdict(body, {}, { attemptMs: 600 });
    expect(result.outcome).toBe('failed');
    expect(rig.seen[0]).toMatchObject({ kind: 'http', status: null, error });
  });

  test('a service that died is a product that fails', async () => {
    await serveJson({}, 503);
    rig.proxy.point(null);
    const result = await rig.verdict(`kit.assert.equal((await kit.get('/')).status, 200);`);
    expect(result.attempts[0]?.outcome).toBe('failed');
  });
});

describe('a broken check says nothing about the product', () => {
  test.each([
    [
      'does not parse',
      'export default async function check(kit) { await kit.get("/"',
      /cannot be loaded/,
    ],
    [
      'imports what is not there',
      'import "left-pad"; export default () => {};',
      /cannot be loaded/,
    ],
    ['exports nothing', 'export default 7;', /no default export/],
    ['throws before it used the product', 'undefined.x;', /before it used the product/],
    ['never uses the product', 'kit.assert.ok(true);', /without ever using the product/],
    ['ends itself', `await kit.get('/'); process.exit(0);`, /without a verdict/],
    ['ends itself at once', 'process.exit(0);', /without a verdict/],
    ['never ends', 'for (;;);', /the check/],
    ['never hears back', 'await new Promise(() => {});', /the check/],
    ['talks to somebody else', `await kit.get('http://example.com/');`, /not the product/],
    [
      'prints fake results',
      `console.log(JSON.stringify({ kind: 'verdict', passed: true })); process.exit(0);`,
      /without a verdict/,
    ],
    [
      'floods',
      `const line = 'x'.repeat(1e6); for (;;) await new Promise((next) => process.stdout.write(line, next));`,
      /the check/,
    ],
  ])('one that %s', async (name, body, reason) => {
    await serveJson({});
    const result = await rig.verdict(
      body,
      {},
      { attemptMs: name.startsWith('never') ? 500 : 5000 },
    );
    expect(result.outcome).toBe('inconclusive');
    expect(result.reason).toMatch(reason);
    expect(rig.sides).toBe(0);
    expect(rig.seen).toEqual([]);
  });

  test('one that changed since it was frozen, or is gone', async () => {
    await serveJson({});
    const check = rig.check('it', `await kit.get('/');`);
    writeFileSync(path.join(rig.runDir, check.file), 'export default () => {};');
    const gone = { ...rig.check('gone', ''), file: 'checks/api/never.mjs' };
    const { scenarios } = await rig.evaluate([check, gone]);
    expect(scenarios.map((s) => [s.outcome, s.reason])).toEqual([
      ['inconclusive', 'its check changed since it was frozen'],
      ['inconclusive', 'its check is gone since it was frozen'],
    ]);
  });
});
