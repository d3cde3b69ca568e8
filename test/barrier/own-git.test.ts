import { chownSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openBranch } from '../../src/barrier/index.ts';
import { bad, BRANCH, DATE, git, good, Rig, SPEC, write } from './rig.ts';

test("what the person's own git ignores is no work in progress, and does not come onto the run branch", async () => {
  using rig = new Rig();
  rig.commit();
  const ignore = join(rig.root, 'ignored');
  write(rig.root, { ignored: '.DS_Store\n' });
  write(rig.project, { '.DS_Store': 'x', [`.start/specs/${SPEC}/.DS_Store`]: 'x' });
  expect(bad(await rig.open()).what).toContain('.DS_Store');
  const own = { ignore, lineEnds: 'true', trusts: true, filters: ['rot'] };
  // Checked out with line ends of theirs, then touched: git has to read it again, and finds nothing new.
  rmSync(join(rig.project, 'src/a.txt'));
  git(rig.project, '-c', 'core.autocrlf=true', 'checkout', '--', 'src/a.txt');
  utimesSync(join(rig.project, 'src/a.txt'), 1, 1);
  const repo = good(await rig.open('branch', { own }));
  const { head } = good(
    await openBranch(repo, { branch: BRANCH, specDir: rig.specDir, date: DATE }),
  );
  expect(git(rig.project, 'ls-tree', '-r', '--name-only', head)).not.toContain('.DS_Store');
});

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
