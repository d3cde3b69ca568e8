import { expect, test } from 'vitest';
import { behindWall } from '../rig/sandbox.ts';
import { campaign, untried, type Outcome, type Results } from './campaigns.ts';
import { asColumn, readColumn, writeTable } from './table.ts';

const writes = process.env['HOSTILE'] === 'write';

/** Attacks that some machines stop by themselves: only root mounts devices, and Yama lets nobody read the memory of another. */
const NOT_EVERYWHERE = ['mounting a device', 'memory of processes'];

behindWall('what the barrier stops', () => {
  test('in the sandbox no attack succeeds, as documented', { timeout: 1_800_000 }, async () => {
    const [sandbox, bare] = await Promise.all([campaign('sandbox'), campaign('no barrier')]);
    // `npm run hostile`: the same attacks on a run without a sandbox, each forgery alone, and all into docs/barrier.md.
    if (writes)
      await writeTable({ sandbox, 'no barrier': bare, advisory: await campaign('advisory') });
    expect({ untried, open: those(sandbox, 'open') }).toEqual({ untried: [], open: [] });
    expect(asColumn(sandbox)).toEqual(await readColumn('sandbox'));
    // Each of them reaches its aim where nothing is in its way, or it would show nothing that it is stopped.
    const idle = those(bare, 'stopped').filter(
      (attack) => !NOT_EVERYWHERE.some((known) => attack.endsWith(known)),
    );
    expect(idle).toEqual([]);
    expect(namesIn(bare)).toEqual(namesIn(sandbox));
  });
});

const those = (measured: ReadonlyMap<string, Results>, which: Outcome): string[] =>
  [...measured].flatMap(([title, results]) =>
    [...results].flatMap(([attack, outcome]) => (outcome === which ? [`${title}: ${attack}`] : [])),
  );

const namesIn = (measured: ReadonlyMap<string, Results>): string[][] =>
  [...measured.values()].map((results) => [...results.keys()].toSorted());
