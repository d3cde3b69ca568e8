import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const VITEST = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));

/**
 * Runs the sweep of `npm run test:crash`: a run is killed at every line of its journal and at moments that nothing chose, and taken up
 * again. Every kill must leave no trace in how the run ends. What the tests say of one that did goes to stderr.
 */
export async function kills(scratch) {
  const file = `${scratch} tally.ndjson`;
  const sweep = [
    'test/crash',
    '--maxConcurrency=2',
    '--testTimeout=600000',
    '--hookTimeout=600000',
  ];
  const child = spawn(process.execPath, [VITEST, 'run', '--retry=0', ...sweep], {
    cwd: ROOT,
    env: { ...process.env, CRASH: 'sweep', CRASH_TALLY: file },
    stdio: ['ignore', 2, 2],
  });
  const [code] = await once(child, 'close');
  const { kills: all, identical } = JSON.parse(readFileSync(file, 'utf8'));
  const over = code !== 0 || all === 0 || identical < all;
  const share = (identical / all) * 100;
  return [
    {
      what: 'kill sweep',
      measured: `${identical} of ${all} kills`,
      yardstick: 'a run that nobody kills',
      result: `${over ? share.toFixed(2) : 100} % identical`,
      limit: '100 %',
      over,
    },
  ];
}
