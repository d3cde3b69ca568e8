import { appendFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { RunEvent } from '../../src/domain/index.ts';
import { behindWall } from '../rig/sandbox.ts';
import type { Project } from '../rig/project.ts';
import {
  faultsOf,
  journal,
  killedAfter,
  killedAt,
  outcomeOf,
  run,
  runInside,
  twoUnits,
  type Moment,
  type Outcome,
} from './survival.ts';

/** Every moment with `npm run test:crash`, a sample of them otherwise. */
const WHOLE_SWEEP = process.env['CRASH'] === 'sweep';

if (!WHOLE_SWEEP) vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** One of each kind of work, begun and not ended; and, torn, where most is at stake: work done and half told. */
const SAMPLE: readonly Moment[] = [
  { at: 'checks.started', cut: 'whole' },
  { at: 'code.started', cut: 'whole' },
  { at: 'code.finished', cut: 'torn' },
  { at: 'land.started', cut: 'whole' },
  { at: 'land.finished', cut: 'torn' },
  { at: 'service.started', cut: 'whole' },
  { at: 'evaluation.started', cut: 'whole' },
  { at: 'gate.started', cut: 'whole' },
  { at: 'manifest.editing', cut: 'whole' },
  { at: 'manifest.edited', cut: 'torn' },
  // The very last line.
  { at: 'run.finished', cut: 'whole' },
];

let whole: { readonly outcome: Outcome; readonly events: readonly RunEvent[] };
beforeAll(async () => {
  await using project = await twoUnits();
  await project.cli(run(project));
  whole = { outcome: await outcomeOf(project), events: await journal(project) };
});

test('a run that nobody kills leaves nothing behind', async () => {
  expect(whole.outcome).toMatchObject({
    manifest: expect.stringContaining('status: completed'),
    leftovers: [],
  });
  expect(await faultsOf(whole.events)).toEqual([]);
});

/** How often runs were killed, and how many of these kills changed nothing about how they end. */
const tally = { kills: 0, identical: 0 };

/** `npm run bench` reads them there. */
const TALLY_FILE = process.env['CRASH_TALLY'];

afterAll(() => {
  const { kills, identical } = tally;
  const share = ((identical / kills) * 100).toFixed(identical === kills ? 0 : 2);
  console.log(`kills: ${kills}, identical: ${identical} (${share} %)`);
  if (TALLY_FILE !== undefined) appendFileSync(TALLY_FILE, `${JSON.stringify(tally)}\n`);
});

/** However often it was killed, the same command brings the run to the end that it would have come to. */
async function comesToTheSameEnd(project: Project, kills: number, command = run): Promise<void> {
  tally.kills += kills;
  const { code, stderr } = await project.cli(command(project));
  // Killed with its very last line written, it was over.
  expect([code, stderr]).toEqual([0, expect.stringMatching(/2 of 2 units|001-signs is completed/)]);
  expect(await outcomeOf(project)).toEqual(whole.outcome);
  expect(await faultsOf(await journal(project))).toEqual([]);
  tally.identical += kills;
}

async function dies(moment: Moment, command = run): Promise<void> {
  await using project = await twoUnits();
  await killedAt(project, moment, command(project));
  await comesToTheSameEnd(project, 1, command);
}

/** A stream of numbers from a seed, the same every time (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test.skipIf(WHOLE_SWEEP)('a sample of the sweep, one after the other in the same run', async () => {
  await using project = await twoUnits();
  for (const moment of SAMPLE) await killedAt(project, moment, run(project));
  await comesToTheSameEnd(project, SAMPLE.length);
});

/** More than a run of two units has; the journal of an uninterrupted one says how many there are. */
const LINES = 60;

describe.runIf(WHOLE_SWEEP).concurrent('killed at every line of the journal', () => {
  const lines = Array.from({ length: WHOLE_SWEEP ? LINES : 0 }, (_, line) => line + 1);
  const moments = lines.flatMap((at) => [
    { at, cut: 'torn' as const },
    { at, cut: 'whole' as const },
  ]);
  test.each(moments)('line $at, $cut', async (moment) => {
    if (moment.at <= whole.events.length) await dies(moment);
  });
  test('no line is left out', () => expect(whole.events.length).toBeLessThanOrEqual(LINES));
});

/** How often a run is killed where nothing chose the moment. */
const MOST = WHOLE_SWEEP ? 5 : 3;

describe.concurrent('killed again and again, at moments that nothing chose', () => {
  const seeds = WHOLE_SWEEP ? Array.from({ length: 12 }, (_, seed) => seed + 1) : [1];
  test.each(seeds)('seed %i', async (seed) => {
    await using project = await twoUnits();
    const random = numbersFrom(seed);
    let seen = 0;
    let kills = 0;
    for (; kills < MOST; kills += 1) {
      const moment = { at: seen + 1 + Math.floor(random() * 12), ms: Math.floor(random() * 120) };
      if (!(await killedAfter(project, moment))) break;
      seen = (await journal(project)).length;
    }
    await comesToTheSameEnd(project, kills);
  });
});

behindWall('killed with a sandbox around everything', () => {
  const lines = WHOLE_SWEEP ? Array.from({ length: 40 }, (_, line) => line + 1) : [30];
  test.each(lines)('in line %i, it comes to the same end and leaves nothing', (at) =>
    dies({ at, cut: 'torn' }, runInside),
  );
});
