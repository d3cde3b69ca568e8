import type { RequestListener } from 'node:http';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Bench } from '../../src/evaluation/index.ts';
import { Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await Rig.make();
});
afterEach(() => rig.dispose());

/** Gives out numbers, and forgets them when asked to; its state is in a file, so that a command can make it forget as well. */
function counter(): RequestListener {
  const file = path.join(rig.runDir, 'count');
  return (request, response) => {
    const count = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    if (request.url === '/reset') writeFileSync(file, '0');
    else if (request.url === '/tickets') writeFileSync(file, String(count + 1));
    else response.statusCode = 404;
    response.end(String(count + 1));
  };
}

const FIRST = `kit.assert.equal((await kit.post('/tickets')).text, '1');`;
const putBackBy = (how: string): Partial<Bench> => ({ reset: { how, env: {}, routes: [] } });

test('without it, attempts meet what others left behind', async () => {
  await rig.serve(counter());
  const { outcome, attempts } = await rig.verdict(FIRST);
  expect(outcome).toBe('failed');
  expect(attempts.map((each) => each.outcome).join()).toMatch(/^passed,failed,failed/);
});

test.each(['POST /reset', 'rm -f count', 'curl -fsS "$BASE_URL/reset" > /dev/null'])(
  'each attempt begins anew with `%s`, and its record is of the check alone',
  async (how) => {
    await rig.serve(counter());
    const result = await rig.verdict(FIRST, {}, putBackBy(how));
    expect(result.attempts.map((each) => each.outcome)).toEqual(['passed', 'passed', 'passed']);
    const evidence = readFileSync(path.join(rig.runDir, result.evidence ?? ''), 'utf8');
    expect(evidence).not.toContain('"/reset"');
  },
);

test.each(['POST /gone', 'curl -fsS "$BASE_URL/gone"'])(
  'a product that does not do what `%s` asks fails, by its own answer',
  async (how) => {
    await rig.serve(counter());
    const { outcome, attempts } = await rig.verdict(FIRST, {}, putBackBy(how));
    expect([outcome, attempts.length]).toEqual(['failed', 6]);
    expect(rig.seen[0]).toMatchObject({ kind: 'http', path: '/gone', status: 404 });
  },
);

test('a command that fails by itself is no fault of the product', async () => {
  await rig.serve(counter());
  const failing = rig.verdict(FIRST, {}, putBackBy('echo no database >&2; exit 3'));
  await expect(failing).rejects.toThrow(/reset: `.*` exited with code 3: no database/);
});
