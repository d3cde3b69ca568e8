import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createEvaluator, createProxy } from '../dist/evaluation/index.js';
import { run } from '../dist/process/index.js';
import { inTurn } from './rounds.js';
import { machineSandbox } from './sandbox.js';
import { ratioRow } from './table.js';

/** Together 100 scenarios, three attempts each. */
const ROUNDS = 10;
const SCENARIOS = 10;
const ATTEMPTS = 3;
const UNIT = 'api';

const CHECK = `export default async function check(kit) {
  const answer = await kit.get('/');
  kit.assert.equal(answer.status, 200);
}
`;

/** What executed verdicts cost: attempts on a trivial service, as an evaluation makes them, against bare Node.js in the same sandbox. */
export async function attempts(scratch) {
  const sandbox = await machineSandbox(scratch);
  const service = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1');
  await once(service, 'listening');
  const proxy = await createProxy(join(scratch, 's'));
  proxy.point({ host: '127.0.0.1', port: service.address().port });
  const evaluate = evaluatorIn(scratch, { sandbox, proxy });
  const bare = {
    label: 'node',
    command: [process.execPath, '-e', '0'],
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
  };
  try {
    const measured = await inTurn(ROUNDS, {
      thing: () => timed(evaluate),
      yardstick: () =>
        timed(async () => {
          for (let start = 0; start < SCENARIOS * ATTEMPTS; start += 1) {
            const { code } = await run(bare, sandbox);
            if (code !== 0) throw new Error(`node exited with ${code} in the sandbox`);
          }
        }),
    });
    const what = `${SCENARIOS * ATTEMPTS} attempts in the sandbox`;
    return [ratioRow({ what, per: 'as many bare `node`', limit: 1.5, ...measured })];
  } finally {
    await proxy.close();
    service.close();
    service.closeAllConnections();
  }
}

/** One evaluation of every scenario, which must pass in all its attempts. */
function evaluatorIn(scratch, { sandbox, proxy }) {
  const folder = join(scratch, 'checks', UNIT);
  mkdirSync(folder, { recursive: true });
  const checks = Array.from({ length: SCENARIOS }, (_, n) => {
    const scenario = `scenario-${n + 1}`;
    writeFileSync(join(folder, `${scenario}.mjs`), CHECK);
    const sha256 = createHash('sha256').update(CHECK).digest('hex');
    const file = `checks/${UNIT}/${scenario}.mjs`;
    return { scenario, file, sha256, origin: 'author', needsService: true };
  });
  const nothing = () => Promise.reject(new Error('no scenario fails, so nobody asks for this'));
  const evaluator = createEvaluator({
    runDir: scratch,
    bench: {
      scratch: join(scratch, 'attempts'),
      node: process.execPath,
      env: { PATH: process.env.PATH },
      sandbox,
      attemptMs: 30_000,
      port: null,
      browser: { ok: false, error: { what: 'none', remedy: 'none' } },
    },
    proxy,
    scenarios: () => checks.map(({ scenario }) => scenario),
    symptoms: () => [],
    product: nothing,
    served: () => null,
    withProduct: nothing,
  });
  const task = { unit: UNIT, iteration: 1, commit: 'c0ffee', checks, broken: [] };
  return async () => {
    const { ok, value } = await evaluator.evaluate(task, new AbortController().signal);
    const passed = ok && value.scenarios.filter(({ outcome }) => outcome === 'passed').length;
    if (passed !== SCENARIOS) throw new Error(`only ${passed} of ${SCENARIOS} scenarios passed`);
  };
}

async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
