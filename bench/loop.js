import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { overheadOf, unitIterations } from './overhead.js';
import { makeProject } from './project.js';
import { comparison, spread } from './rounds.js';
import { bareNode, spawned, weighed } from './spawned.js';
import { ratioRow } from './table.js';

const UNITS = Number(process.env.BENCH_UNITS ?? 200);
/** Pause between two spawns of the yardstick, ms. */
const PAUSE_MS = 250;

/** What the loop adds to each code run, beyond agents and verdicts: one group of 200 units of either kind, one slot. */
export async function loop(scratch) {
  const rows = [];
  for (const mode of ['parallel', 'sequential']) {
    const dir = join(scratch, mode);
    const { yardstick, overhead } = await measureRun(dir, { mode, units: UNITS, slots: 1 });
    console.error(`  ${mode}, ms per unit-iteration: ${phasesText(overhead)}`);
    rows.push(
      ratioRow({
        what: `loop overhead per unit-iteration, ${mode}`,
        per: '`git rev-parse HEAD`',
        limit: 25,
        ...comparison([{ measured: overhead.total / UNITS, yardstick }]),
      }),
    );
  }
  return rows;
}

const phasesText = ({ phases }) =>
  Object.entries(phases)
    .map(([name, ms]) => `${name} ${(ms / UNITS).toFixed(1)}`)
    .join(', ');

/**
 * Runs a spec of one group whose agents are instant, and whose evaluators are too: their reports are prepared, because what checks take is
 * no part of the overhead, and they would take most of the time.
 */
export async function measureRun(scratch, { mode, units, slots, room = units }) {
  const { dir, agents } = makeProject(scratch, { mode, units, room });
  const node = (await spawned(bareNode)).ms;
  const run = ['run', '--barrier', 'advisory', '--evaluation', 'report', '--json'];
  const how = ['--agent', `scripted:${agents}`, '--slots', String(slots)];
  // All through the run: a machine that others use as well is another one a minute later.
  const over = new AbortController();
  const sampling = revParse(dir, over.signal);
  const { ms, stdout, memory } = await spawned(weighed(...run, ...how), dir, {
    XDG_CACHE_HOME: join(scratch, 'cache'),
  });
  over.abort();
  const samples = await sampling;
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const count = unitIterations(events);
  const landed = events.filter(({ type, files }) => type === 'land.finished' && files > 0).length;
  if (count !== units || landed !== units || events.at(-1).type !== 'run.finished')
    throw new Error(`${landed} of ${units} units landed once: this measures something else`);
  rmSync(scratch, { recursive: true, force: true });
  return {
    overhead: overheadOf(events, ms - node),
    yardstick: spread(samples).median,
    events,
    memory,
  };
}

async function revParse(dir, signal) {
  const found = [];
  while (!signal.aborted) {
    found.push((await spawned(['git', 'rev-parse', 'HEAD'], dir)).ms);
    await pause(PAUSE_MS);
  }
  return found;
}
