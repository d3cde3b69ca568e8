import { homedir } from 'node:os';
import { join } from 'node:path';
import { openSandbox } from '../dist/barrier/sandbox/index.js';
import { run } from '../dist/process/index.js';
import { inTurn } from './rounds.js';
import { spawned } from './spawned.js';
import { ratioRow } from './table.js';

const ROUNDS = 40;

/** The sandbox of a run on this machine. Throws where there is none: a number without it would be of something else. */
export async function machineSandbox(scratch) {
  const opened = await openSandbox({
    platform: process.platform,
    user: { uid: process.getuid(), gid: process.getgid() },
    path: process.env.PATH,
    node: process.execPath,
    folder: join(scratch, 'sandbox'),
    hidden: [homedir(), scratch],
  });
  if (!opened.ok) throw new Error(`${opened.error.what} ${opened.error.remedy}`);
  return opened.value;
}

/** What it costs to shut a program in: the same program with and without. */
export async function sandbox(scratch) {
  const shut = await machineSandbox(scratch);
  const plan = { label: 'true', command: ['true'], cwd: '/', env: { PATH: '/usr/bin:/bin' } };
  const measured = await inTurn(ROUNDS, {
    thing: async () => {
      const exit = await run(plan, shut);
      if (exit.code !== 0) throw new Error(`true ${exit.summary} in the sandbox`);
      return exit.ms;
    },
    yardstick: async () => (await spawned(['true'])).ms,
  });
  return [ratioRow({ what: 'sandbox start', per: '`true`', limit: 8, ...measured })];
}
