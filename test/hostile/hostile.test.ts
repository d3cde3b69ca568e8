import { expect, test } from 'vitest';
import { CAMPAIGNS } from './campaigns.ts';
import { writeTable, type Measured } from './table.ts';

// `npm run hostile`: what today's barrier stops, measured and written into docs/barrier.md. Minutes, so not with the other tests.
test.runIf(process.env['HOSTILE'] === 'write')(
  'attacks, as documented',
  { timeout: 3_600_000 },
  async () => {
    const measured: Measured[] = [];
    for (const [campaign, run] of Object.entries(CAMPAIGNS))
      measured.push({ campaign, results: await run() });
    for (const { results } of measured) expect(results.size).toBeGreaterThan(1);
    await writeTable(measured);
  },
);
