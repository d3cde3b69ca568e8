import { inTurn } from './rounds.js';
import { bareNode, factory, spawned } from './spawned.js';
import { ratioRow } from './table.js';

const ROUNDS = 20;

/** What it costs to ask for help: everything that is loaded before it is known what to do. */
export async function help() {
  const measured = await inTurn(ROUNDS, {
    thing: async () => (await spawned(factory('--help'))).ms,
    yardstick: async () => (await spawned(bareNode)).ms,
  });
  return [ratioRow({ what: '`--help`', per: '`node -e 0`', limit: 3, ...measured })];
}
