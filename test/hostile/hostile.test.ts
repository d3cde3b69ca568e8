import { expect, test } from 'vitest';
import { behindWall } from '../rig/sandbox.ts';
import { campaign } from './campaigns.ts';
import { asColumn, readColumn, writeTable } from './table.ts';

const writes = process.env['HOSTILE'] === 'write';

behindWall('what the barrier stops', () => {
  test('in the sandbox no attack succeeds, as documented', { timeout: 1_800_000 }, async () => {
    const sandbox = await campaign('sandbox');
    // `npm run hostile`: the same attacks on a run without a sandbox, each forgery alone, and both into docs/barrier.md.
    if (writes) await writeTable({ sandbox, advisory: await campaign('advisory') });
    const open = [...sandbox].flatMap(([title, results]) =>
      [...results].flatMap(([attack, outcome]) =>
        outcome === 'open' ? [`${title}: ${attack}`] : [],
      ),
    );
    expect(open).toEqual([]);
    expect(asColumn(sandbox)).toEqual(await readColumn('sandbox'));
  });
});
