import { join } from 'node:path';
import { writeJournal } from './journal.js';
import { inTurn } from './rounds.js';
import { bareNode, factory, spawned } from './spawned.js';
import { unitIds, writeSpec } from './spec.js';
import { ratioRow } from './table.js';

const ROUNDS = 7;
const EVENTS = 100_000;
const SPEC = '001-generated';

/** What a long history costs whoever takes it up again: `status` reads, checks and folds every event of it. */
export async function replay(scratch) {
  const units = unitIds(200);
  writeSpec(join(scratch, '.start/specs', SPEC), { groups: [{ mode: 'parallel', units }] });
  writeJournal(join(scratch, '.factory/runs', SPEC, 'run/journal.ndjson'), {
    spec: SPEC,
    units,
    length: EVENTS,
  });
  const measured = await inTurn(ROUNDS, {
    thing: async () => (await spawned(factory('status', SPEC, '--json'), scratch)).ms,
    yardstick: async () => (await spawned(bareNode)).ms,
  });
  return [ratioRow({ what: 'replay, 100,000 events', per: '`node -e 0`', limit: 20, ...measured })];
}
