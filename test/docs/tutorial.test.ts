import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { sandbox } from '../rig/sandbox.ts';

const PACKAGE = join(import.meta.dirname, '..', '..');

// The page tells of a run behind the wall.
test.skipIf(sandbox.kind !== 'bwrap')('the tutorial prints what its page shows', async () => {
  const script = join(PACKAGE, 'scripts', 'tutorial.js');
  const { exitCode, stderr } = await execa(process.execPath, [script, '--check'], {
    reject: false,
  });
  expect([exitCode, stderr]).toEqual([0, '']);
});
