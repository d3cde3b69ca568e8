// `npm run bench`: the numbers this project promises, each as a ratio to a yardstick measured in the same run; docs/benchmarks.md
// explains them. Exits 1 when one is over its limit; `--report` only prints. Further arguments choose measurements by name.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attempts } from './attempts.js';
import { growth } from './growth.js';
import { help } from './help.js';
import { kills } from './kills.js';
import { loop } from './loop.js';
import { makespan } from './makespan.js';
import { replay } from './replay.js';
import { sandbox } from './sandbox.js';
import { table } from './table.js';
import { validate } from './validate.js';
import { workspace } from './workspace.js';

const MEASUREMENTS = {
  help,
  makespan,
  replay,
  validate,
  sandbox,
  attempts,
  workspace,
  loop,
  growth,
  kills,
};

const [...args] = process.argv.slice(2);
const onlyReport = args.includes('--report');
const names = args.filter((arg) => !arg.startsWith('-'));
const unknown = names.filter((name) => !(name in MEASUREMENTS));
if (unknown.length > 0) {
  console.error(
    `No such measurement: ${unknown.join(', ')}. There are: ${Object.keys(MEASUREMENTS).join(', ')}.`,
  );
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), 'implement-factory bench-'));
const began = performance.now();
const rows = [];
try {
  for (const [name, measure] of Object.entries(MEASUREMENTS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.error(`measuring ${name} …`);
    rows.push(...(await measure(join(scratch, name))));
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(table(rows));
console.error(`measured in ${Math.round((performance.now() - began) / 1000)} s`);
const over = rows.some((row) => row.over);
if (over && !onlyReport) process.exitCode = 1;
