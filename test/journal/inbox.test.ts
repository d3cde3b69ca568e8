import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unitId } from '../../src/domain/index.ts';
import { dropDecision, takeDecisions, waitingDecisions } from '../../src/journal/index.ts';
import { child } from './child.ts';
import { tempDir, value } from './rig.ts';

describe('the inbox', () => {
  const skip = { subject: unitId('api'), decision: { kind: 'skip' } } as const;

  it('keeps the order, and each decision until it is journalled', () => {
    const dir = tempDir();
    const start = {
      subject: 'service',
      decision: { kind: 'start', command: 'npm start', port: 3000 },
    } as const;
    value(dropDecision(dir, skip));
    value(dropDecision(dir, start));
    const first = value(takeDecisions(dir));
    expect(first.taken).toMatchObject([skip, start]);
    first.taken[0]?.done();
    value(dropDecision(dir, skip));
    const second = value(takeDecisions(dir));
    expect(second.taken).toMatchObject([start, skip]);
    for (const item of second.taken) item.done();
    expect(value(takeDecisions(dir))).toEqual({ taken: [], notes: [] });
  });

  it('goes by the last word about a subject, which takes the place of the one before', () => {
    const dir = tempDir();
    const abort = { subject: unitId('api'), decision: { kind: 'abort' } } as const;
    const other = { subject: unitId('web'), decision: { kind: 'skip' } } as const;
    expect(value(dropDecision(dir, skip)).replaced).toBeNull();
    expect(value(dropDecision(dir, other)).replaced).toBeNull();
    const early = value(takeDecisions(dir));
    expect(value(dropDecision(dir, abort)).replaced).toEqual({ kind: 'skip' });
    expect(value(waitingDecisions(dir))).toEqual([other, abort]);
    // Taken before it was replaced: what came later stays.
    for (const item of early.taken) item.done();
    expect(value(waitingDecisions(dir))).toEqual([abort]);
    // Both are there for a moment, or after a crash.
    writeFileSync(join(dir, 'inbox', '2.json'), JSON.stringify(skip));
    const { taken } = value(takeDecisions(dir));
    expect(taken).toMatchObject([abort]);
    taken[0]?.done();
    expect(readdirSync(join(dir, 'inbox'))).toEqual([]);
  });

  it('is empty before anything was dropped', () => {
    expect(value(takeDecisions(tempDir()))).toEqual({ taken: [], notes: [] });
  });

  it('sets aside what it cannot understand, once', () => {
    const dir = tempDir();
    value(dropDecision(dir, skip));
    writeFileSync(join(dir, 'inbox', '2.json'), '{"subject":"api","decision":{"kind":"dance"}}');
    writeFileSync(join(dir, 'inbox', '3.json'), '{');
    const seen = value(takeDecisions(dir));
    expect(seen.taken).toHaveLength(1);
    expect(seen.notes).toHaveLength(2);
    expect(seen.notes[0]).toContain('2.json.malformed');
    expect(value(takeDecisions(dir)).notes).toEqual([]);
  });

  it('loses none when several terminals decide at once', async () => {
    const dir = tempDir();
    const drop = `for (let i = 0; i < 20; i += 1) for (const subject of ['u' + i, 'u' + process.pid + '-' + i]) journal.dropDecision(process.argv[1], { subject, decision: { kind: 'skip' } });`;
    const writers = [child(drop, dir), child(drop, dir)];
    await Promise.all(writers.map((writer) => writer.ended()));
    // Of what both decide, one stays.
    expect(value(takeDecisions(dir)).taken).toHaveLength(60);
  });
});
