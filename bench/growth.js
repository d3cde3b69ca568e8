import { join } from 'node:path';
import { measureRun } from './loop.js';
import { comparison, spread } from './rounds.js';
import { peakRow, ratioRow } from './table.js';

const FEW = 100;
const MANY = Number(process.env.BENCH_UNITS ?? 1_000);
const SLOTS = 8;

/** Whether the time each unit takes, and the memory of a run, grow with the number of units: 8 slots of instant agents. */
export async function growth(scratch) {
  const of = (units) =>
    measureRun(join(scratch, String(units)), { mode: 'parallel', units, slots: SLOTS });
  const few = await of(FEW);
  const many = await of(MANY);
  const each = { measured: perUnit(many.events, MANY), yardstick: perUnit(few.events, FEW) };
  return [
    ratioRow({
      what: `time per unit, ${MANY} units, ${SLOTS} slots`,
      per: `${FEW} units`,
      limit: 1.3,
      ...comparison([each]),
    }),
    peakRow({
      what: `memory beyond that of ${FEW} units`,
      measured: spread([many.peakMiB - few.peakMiB]),
      limit: 150,
      unit: 'MB',
    }),
  ];
}

/** Ms from the first code run to the end, agents included: they take as long in either. */
function perUnit(events, units) {
  const began = events.find(({ type }) => type === 'code.started');
  return (Date.parse(events.at(-1).at) - Date.parse(began.at)) / units;
}
