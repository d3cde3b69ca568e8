import { join } from 'node:path';
import { inTurn, spread } from './rounds.js';
import { spawned, weighed } from './spawned.js';
import { unitIds, writeSpec } from './spec.js';
import { peakRow, ratioRow } from './table.js';

const ROUNDS = 5;
const PER_GROUP = 10;

/** How `validate` grows with a spec directory, and the memory it takes. */
export async function validate(scratch) {
  const small = join(scratch, '.start/specs/001-small');
  const large = join(scratch, '.start/specs/002-large');
  writeSpec(small, { groups: groupsOf(1_000) });
  writeSpec(large, { groups: groupsOf(10_000) });
  const peaks = [];
  const measured = await inTurn(ROUNDS, {
    thing: async () => {
      const { ms, peakMiB } = await spawned(weighed('validate', large), scratch);
      peaks.push(peakMiB);
      return ms;
    },
    yardstick: async () => (await spawned(weighed('validate', small), scratch)).ms,
  });
  return [
    ratioRow({ what: '`validate`, 10,000 units', per: '1,000 units', limit: 12, ...measured }),
    peakRow({ what: 'its peak memory', measured: spread(peaks), limit: 500, unit: 'MB' }),
  ];
}

function groupsOf(count) {
  const ids = unitIds(count);
  return Array.from({ length: count / PER_GROUP }, (_, index) => ({
    mode: index % 2 === 0 ? 'parallel' : 'sequential',
    units: ids.slice(index * PER_GROUP, (index + 1) * PER_GROUP),
  }));
}
