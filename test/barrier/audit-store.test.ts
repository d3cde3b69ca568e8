import { expect, test } from 'vitest';
import { auditStore, holdoutsOf, openBranch } from '../../src/barrier/index.ts';
import { BRANCH, DATE, git, good, Rig, SPEC, write } from './rig.ts';

const LONG = 'Given a moon that is full, when the tide comes in, then the answer is 4711.\n';
const spec = (path: string) => `.start/specs/${SPEC}/${path}`;

async function audited(rig: Rig) {
  const repo = good(await rig.open());
  const { head } = good(
    await openBranch(repo, { branch: BRANCH, specDir: rig.specDir, date: DATE }),
  );
  return good(await auditStore(repo, head, good(await holdoutsOf(repo))));
}

test('a template holds no holdout of the present', async () => {
  using rig = new Rig();
  rig.commit();
  const audit = await audited(rig);
  expect(audit.shared).toEqual([]);
  // The scenario and the unit spec of the rig.
  expect(audit.holdouts).toBe(2);
  expect(audit.objects).toBeGreaterThan(2);
  expect(audit.hidden).toEqual(['.start/specs', `.start/specs/${SPEC}`]);
  expect(audit.tree).toBe(git(rig.project, 'rev-parse', `${audit.clean}^{tree}`).trim());
});

/** Each leaves a copy of a holdout in the visible tree, and the holdout itself somewhere else than in the present spec. */
const copies: Record<string, (rig: Rig) => void> = {
  'a scenario of today': (rig) => {
    write(rig.project, { [spec('scenarios/first-part/tide.md')]: LONG, 'docs/notes.md': LONG });
    rig.commit();
  },
  'a scenario that was deleted': (rig) => {
    write(rig.project, { [spec('scenarios/first-part/tide.md')]: LONG });
    rig.commit();
    git(rig.project, 'rm', '-q', spec('scenarios/first-part/tide.md'));
    write(rig.project, { 'docs/notes.md': LONG });
    rig.commit();
  },
  'a scenario that was moved out': (rig) => {
    write(rig.project, { [spec('scenarios/first-part/tide.md')]: LONG });
    rig.commit();
    git(rig.project, 'mv', spec('scenarios/first-part/tide.md'), 'notes.md');
    rig.commit();
  },
  'a scenario of another branch': (rig) => {
    rig.commit();
    git(rig.project, 'checkout', '-q', '-b', 'other');
    write(rig.project, { [spec('scenarios/first-part/tide.md')]: LONG });
    rig.commit();
    git(rig.project, 'checkout', '-q', 'main');
    write(rig.project, { 'notes.md': LONG });
    rig.commit();
  },
  'a scenario in the stash': (rig) => {
    rig.commit();
    write(rig.project, { [spec('scenarios/first-part/tide.md')]: LONG });
    git(rig.project, 'stash', '-u', '-q');
    write(rig.project, { 'notes.md': LONG });
    rig.commit();
  },
  'a scenario of the legacy folder': (rig) => {
    write(rig.project, { 'docs/specs/007-old/scenarios/u/tide.md': LONG });
    rig.commit();
    git(rig.project, 'rm', '-rq', 'docs/specs');
    write(rig.project, { 'notes.md': LONG });
    rig.commit();
  },
  'a unit spec': (rig) => {
    write(rig.project, { [spec('units/first-part.md')]: LONG, 'README.md': LONG });
    rig.commit();
  },
  'a scenario that is in no commit': (rig) => {
    write(rig.project, { 'notes.md': LONG });
    rig.commit();
    write(rig.project, { [spec('scenarios/first-part/draft.txt')]: LONG });
  },
  'one side of a merge': (rig) => {
    rig.commit();
    git(rig.project, 'checkout', '-q', '-b', 'side');
    write(rig.project, { [spec('scenarios/first-part/tide.md')]: LONG });
    rig.commit();
    git(rig.project, 'checkout', '-q', 'main');
    write(rig.project, { 'notes.md': LONG });
    rig.commit();
    git(rig.project, 'merge', '-q', '-s', 'ours', '--no-edit', 'side');
    git(rig.project, 'branch', '-q', '-D', 'side');
  },
};

test.each(Object.entries(copies))('%s is found in what an agent would get', async (_, arrange) => {
  using rig = new Rig();
  arrange(rig);
  const { shared } = await audited(rig);
  expect(shared).toHaveLength(1);
});

test('a placeholder that is the same everywhere is no holdout', async () => {
  using rig = new Rig({ '.gitkeep': '\n', 'empty.txt': '', 'a.txt': 'TODO\n' });
  write(rig.project, {
    [spec('scenarios/first-part/.gitkeep')]: '\n',
    [spec('scenarios/first-part/empty.md')]: '',
    [spec('scenarios/first-part/later.md')]: 'TODO\n',
  });
  rig.commit();
  expect((await audited(rig)).shared).toEqual([]);
});
