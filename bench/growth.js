import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { measureRun } from './loop.js';
import { comparison, spread } from './rounds.js';
import { peakRow, ratioRow } from './table.js';

const FEW = 100;
const MANY = Number(process.env.BENCH_UNITS ?? 1_000);
const SLOTS = 8;

/** Whether the time each unit takes, and the memory of a run, grow with the number of units: 8 slots of instant agents. */
export async function growth(scratch) {
  const folder = mkdtempSync(join(inMemory() ?? scratch, 'growth-'));
  const of = (units) =>
    measureRun(join(folder, String(units)), { mode: 'parallel', units, slots: SLOTS, room: MANY });
  try {
    return rowsOf(await of(FEW), await of(MANY));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * ext4 keeps freed inodes unused for minutes and passes over each of them whenever a file is made: every program that makes and removes
 * thousands of files a second gets slower by and by, and this would measure that (docs/benchmarks.md has the figures).
 */
function inMemory() {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return '/dev/shm';
  } catch {
    return null;
  }
}

function rowsOf(few, many) {
  const each = { measured: perUnit(many.events, MANY), yardstick: perUnit(few.events, FEW) };
  return [
    ratioRow({
      what: `time per unit, ${MANY} units, ${SLOTS} slots`,
      per: `${FEW} units`,
      limit: 1.3,
      ...comparison([each]),
    }),
    peakRow({
      what: `memory while the last ${FEW} are evaluated, beyond that while the first are built`,
      measured: spread([memoryAt(many, lastEvaluations) - memoryAt(many, firstLandings)]),
      limit: 50,
      unit: 'MB',
    }),
    peakRow({
      what: `peak memory of a run of ${MANY} units`,
      measured: spread([Math.max(...many.memory.map(({ mib }) => mib))]),
      limit: 500,
      unit: 'MB',
    }),
  ];
}

/** Ms from the first code run to the end, agents included: they take as long in either. */
function perUnit(events, units) {
  const began = events.find(({ type }) => type === 'code.started');
  return (Date.parse(events.at(-1).at) - Date.parse(began.at)) / units;
}

const timesOf = (events, type) =>
  events.filter((event) => event.type === type).map(({ at }) => Date.parse(at));

const firstLandings = (events) => timesOf(events, 'land.finished').slice(0, FEW);

const lastEvaluations = (events) => timesOf(events, 'evaluation.finished').slice(-FEW);

/** The median of the MiB that were in use from the first of some moments to the last. */
function memoryAt({ events, memory }, momentsOf) {
  const moments = momentsOf(events);
  const during = memory.filter(({ at }) => at >= moments[0] && at <= moments.at(-1));
  return spread(during.map(({ mib }) => mib)).median;
}
