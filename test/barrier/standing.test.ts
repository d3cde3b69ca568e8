import { expect, test } from 'vitest';
import { Standing } from '../../src/barrier/workspace/standing.ts';
import { diffTrees, moveRef, writeCommit } from '../../src/barrier/landing/objects.ts';
import { BRANCH, git, good, Rig, write } from './rig.ts';

const end = (line: string) => line === 'end';

test('one process answers everything it is asked, in order, and another takes the place of one that fails', async () => {
  using rig = new Rig();
  rig.commit();
  let starts = 0;
  const standing = new Standing(['diff-tree', '--stdin', '-r', '--raw'], {
    cwd: rig.project,
    env: { PATH: process.env['PATH'] ?? '' },
    spawned: () => (starts += 1),
  });
  const ask = (text: string) => standing.ask(`${text}\nend\n`, end);
  const answers = await Promise.all(['one', 'two', 'three'].map(ask));
  expect(answers).toEqual(
    ['one', 'two', 'three'].map((text) => ({ ok: true, lines: [text, 'end'] })),
  );
  expect(starts).toBe(1);
  const broken = new Standing(['no-such-command'], {
    cwd: rig.project,
    env: { PATH: process.env['PATH'] ?? '' },
    spawned: () => undefined,
  });
  expect(await broken.ask('x\n', end)).toMatchObject({
    ok: false,
    stderr: expect.stringContaining('no-such-command') as string,
  });
  standing.close();
  expect((await ask('again')).ok).toBe(true);
  expect(starts).toBe(2);
  standing.close();
});

test('a branch that somebody else moved is not moved, and can be moved from where it is', async () => {
  using rig = new Rig();
  const { repo, head } = await rig.ready();
  const commit = { parent: null, date: '0 +0000', message: 'One' };
  const tree = git(rig.project, 'rev-parse', `${head}^{tree}`).trim();
  const made = good(await writeCommit(repo, { ...commit, tree }));
  const ref = `refs/heads/${BRANCH}`;
  expect(await moveRef(repo, ref, { from: made, to: made })).toBe(false);
  expect(git(rig.project, 'rev-parse', ref).trim()).toBe(head);
  expect(await moveRef(repo, ref, { from: head, to: made })).toBe(true);
  expect(git(rig.project, 'rev-parse', ref).trim()).toBe(made);
  repo.close();
});

test('changes are told with odd names as they are', async () => {
  using rig = new Rig({ 'a.txt': 'one\n' });
  const { repo, head } = await rig.ready();
  const names = ['tab\there.txt', 'quote".txt', 'back\\slash.txt', 'é ü.txt', 'new\nline.txt'];
  write(rig.project, Object.fromEntries(names.map((name) => [name, 'x\n'])));
  const to = rig.commit('Odd');
  const found = good(
    await diffTrees(
      repo,
      git(rig.project, 'rev-parse', 'HEAD~^{tree}').trim(),
      git(rig.project, 'rev-parse', `${to}^{tree}`).trim(),
    ),
  );
  expect(head).not.toBe(to);
  expect(found.map(({ path }) => path).toSorted()).toEqual(names.toSorted());
  repo.close();
});
