import { chownSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bad, good, Rig } from './rig.ts';

test.runIf(process.getuid?.() === 0)(
  "a repository of somebody else's is refused, with the way to trust it, and opened where its user's own git trusts it",
  async () => {
    using rig = new Rig();
    rig.commit();
    chownSync(rig.project, 1000, 1000);
    expect(bad(await rig.open())).toMatchObject({
      what: expect.stringContaining('belongs to another user'),
      remedy: expect.stringContaining(`safe.directory ${rig.project}`),
    });
    const own = { ignore: null, lineEnds: null, trusts: true, filters: [] };
    good(await rig.open('branch', { own }));
  },
);
