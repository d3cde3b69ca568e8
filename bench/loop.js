import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { overheadOf, unitIterations } from './overhead.js';
import { makeProject } from './project.js';
import { comparison, spread } from './rounds.js';
import { bareNode, factory, spawned } from './spawned.js';
import { ratioRow } from './table.js';

const UNITS = 200;
const ROUNDS = 1;
/** Spawns before and after each run. */
const SPAWNS = 60;

/** What the loop adds to each code run, beyond agents and checks: one group of 200 units of either kind. */
export async function loop(scratch) {
  const rounds = { parallel: [], sequential: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const mode of Object.keys(rounds))
      rounds[mode].push(await measure(join(scratch, mode), mode));
  }
  return Object.entries(rounds).map(([mode, measured]) =>
    ratioRow({
      what: `loop overhead per unit-iteration, ${mode}`,
      per: '`git rev-parse HEAD`',
      limit: 25,
      ...comparison(measured),
    }),
  );
}

async function measure(scratch, mode) {
  const { dir, agents } = makeProject(scratch, { mode, units: UNITS });
  const before = await revParse(dir);
  const node = (await spawned(bareNode)).ms;
  const agent = `scripted:${agents}`;
  const run = ['run', '--barrier', 'advisory', '--agent', agent, '--slots', '1', '--json'];
  const { ms, stdout } = await spawned(factory(...run), dir);
  const after = await revParse(dir);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const count = unitIterations(events);
  if (count !== UNITS)
    throw new Error(`${count} of ${UNITS} units were built once: this measures something else`);
  rmSync(scratch, { recursive: true, force: true });
  return {
    measured: overheadOf(events, ms - node) / count,
    yardstick: spread([...before, ...after]).median,
  };
}

async function revParse(dir) {
  const found = [];
  for (let spawn = 0; spawn < SPAWNS; spawn += 1)
    found.push((await spawned(['git', 'rev-parse', 'HEAD'], dir)).ms);
  return found;
}
