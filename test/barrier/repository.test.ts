import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commitFile, openBranch, openRepository, readFile } from '../../src/barrier/index.ts';
import { bad, BRANCH, DATE, git, good, Rig, SPEC, write } from './rig.ts';

const MANIFEST = `.start/specs/${SPEC}/manifest.md`;
const open = async (rig: Rig) => {
  const repo = good(await rig.open());
  return {
    repo,
    ...good(await openBranch(repo, { branch: BRANCH, specDir: rig.specDir, date: DATE })),
  };
};

test('what a run cannot build on is named and refused', async () => {
  using rig = new Rig();
  expect(bad(await rig.open()).what).toMatch(/not in a git repository/);
  git(rig.project, 'init', '-q', '-b', 'main');
  expect(bad(await rig.open())).toMatchObject({
    what: expect.stringMatching(/no commit yet/),
    remedy: expect.stringMatching(/first commit/),
  });
  rig.commit();

  for (let index = 0; index < 12; index += 1) write(rig.project, { [`new ${index}.txt`]: 'x' });
  write(rig.project, { 'src/a.txt': 'changed', '.start/notes.md': 'n', '.factory/x': 'x' });
  const dirty = bad(await rig.open()).what;
  expect(dirty).toMatch(/^13 files have changes .*src\/a\.txt.*and 3 more\.$/);
  expect(dirty).not.toMatch(/\.start|\.factory/);
  git(rig.project, 'add', '-A');
  git(rig.project, 'commit', '-q', '-m', 'All');
  good(await rig.open());

  writeFileSync(join(rig.project, '.git/MERGE_HEAD'), git(rig.project, 'rev-parse', 'HEAD'));
  expect(bad(await rig.open()).what).toMatch(/merge is in progress/);
});

test('a bare repository, a folder inside one, submodules and LFS are refused with a reason', async () => {
  using rig = new Rig();
  rig.commit();
  const bare = join(rig.root, 'bare.git');
  git(rig.root, 'clone', '-q', '--bare', rig.project, bare);
  const options = {
    scratch: rig.scratch,
    mode: 'branch',
    path: process.env['PATH'] ?? '',
    date: DATE,
    sandbox: { kind: 'none' },
  } as const;
  expect(bad(await openRepository({ ...options, project: bare })).what).toMatch(/bare/);
  expect(bad(await openRepository({ ...options, project: join(rig.project, 'src') })).what).toMatch(
    /further up/,
  );
  expect(
    bad(await openRepository({ ...options, project: rig.project, path: '/nowhere' })),
  ).toMatchObject({ where: 'git', remedy: expect.stringMatching(/Install git/) });

  using modules = new Rig();
  modules.commit();
  git(
    modules.project,
    'update-index',
    '--add',
    '--cacheinfo',
    `160000,${git(rig.project, 'rev-parse', 'HEAD').trim()},vendor/x`,
  );
  git(modules.project, 'commit', '-q', '-m', 'Module');
  mkdirSync(join(modules.project, 'vendor/x'), { recursive: true });
  expect(bad(await modules.open()).what).toMatch(/other repositories \(vendor\/x\)/);

  using lfs = new Rig({
    'a/.gitattributes': '*.png filter=lfs diff=lfs merge=lfs -text\n',
    'a.txt': 'a',
  });
  lfs.commit();
  expect(bad(await lfs.open()).what).toMatch(/LFS/);
  // Which is what the refusal advises.
  good(await lfs.open('none'));
  git(modules.project, 'clone', '-q', rig.project, 'vendor/x');
  expect(bad(await modules.open('none')).remedy).toMatch(/Remove .git/);
  write(lfs.project, { 'a/.gitattributes': '*.key filter=vault\n' });
  git(lfs.project, 'add', '-A');
  git(lfs.project, 'commit', '-q', '-m', 'Vault');
  good(await lfs.open());
  writeFileSync(Buffer.concat([Buffer.from(join(rig.project, 'caf')), Buffer.from([0xe9])]), 'x');
  expect(bad(await rig.open('none')).what).toMatch(/not UTF-8 \(caf/);
  const own = { ignore: null, lineEnds: null, trusts: true, filters: ['rot', 'vault'] };
  expect(bad(await lfs.open('branch', { own })).what).toMatch(/`vault`/);
});

test("the person's hooks and configuration never run", async () => {
  using rig = new Rig();
  rig.commit();
  const trap = join(rig.root, 'sprung');
  for (const hook of [
    'post-checkout',
    'reference-transaction',
    'pre-commit',
    'post-index-change',
  ]) {
    write(rig.project, { [`.git/hooks/${hook}`]: `#!/bin/sh\ntouch '${trap}'\n` });
    chmodSync(join(rig.project, '.git/hooks', hook), 0o755);
  }
  git(rig.project, 'config', 'core.fsmonitor', `touch '${trap}'; false`);
  await open(rig);
  expect(existsSync(trap)).toBe(false);
  git(rig.project, 'update-ref', 'refs/heads/proof', 'HEAD');
  expect(existsSync(trap)).toBe(true);
});

test('the run branch gets the spec of the checkout, changed and new files too, ignored ones not', async () => {
  using rig = new Rig({ 'a.txt': 'a', '.gitignore': '*.tmp\n' });
  const base = rig.commit();
  write(rig.project, {
    [MANIFEST]: 'edited',
    [`.start/specs/${SPEC}/units/new.md`]: 'new',
    [`.start/specs/${SPEC}/x.tmp`]: 'no',
    '.start/specs/009-other/manifest.md': 'other',
  });
  const first = await open(rig);
  expect(first).toMatchObject({ tracked: true, behind: false, notes: [] });
  expect(git(rig.project, 'log', '--format=%s', `${base}..${first.head}`).trim()).toBe(
    `Spec ${SPEC}`,
  );
  const names = git(rig.project, 'diff', '--name-only', base, first.head).trim().split('\n');
  expect(names).toEqual([MANIFEST, `.start/specs/${SPEC}/units/new.md`]);
  expect(git(rig.project, 'status', '--porcelain')).toMatch(/^ M .*manifest\.md/);
  expect((await open(rig)).head).toBe(first.head);
});

test('an ignored spec directory is not tracked', async () => {
  using rig = new Rig({ 'a.txt': 'a', '.gitignore': '.start/\n' });
  const base = rig.commit();
  expect(await open(rig)).toMatchObject({ tracked: false, head: base });
});

test('a checked-out run branch is let go, with a note', async () => {
  using rig = new Rig();
  rig.commit();
  git(rig.project, 'branch', 'factory');
  const options = { branch: BRANCH, specDir: rig.specDir, date: DATE };
  const inTheWay = bad(await openBranch(good(await rig.open()), options));
  expect(inTheWay).toMatchObject({
    where: BRANCH,
    remedy: expect.stringMatching(/branch -m factory /),
  });
  git(rig.project, 'branch', '-D', 'factory');

  git(rig.project, 'checkout', '-q', '-b', BRANCH);
  const { notes, head } = await open(rig);
  expect(notes).toEqual([expect.stringMatching(/detached/)]);
  expect(git(rig.project, 'rev-parse', 'HEAD').trim()).toBe(head);
  expect(git(rig.project, 'status', '--porcelain')).toBe('');
  expect(() => git(rig.project, 'symbolic-ref', 'HEAD')).toThrow(/not a symbolic ref/);

  git(rig.project, 'worktree', 'add', '-q', join(rig.root, 'tree'), BRANCH);
  const repo = good(await rig.open());
  const other = bad(await openBranch(repo, { branch: BRANCH, specDir: rig.specDir, date: DATE }));
  expect(other.what).toMatch(/another work tree/);
});

test('a fresh clone takes the branch up from its remote, ticks and all', async () => {
  using rig = new Rig();
  const { repo } = await rig.ready();
  const ticked = good(
    await commitFile(repo, {
      branch: BRANCH,
      path: MANIFEST,
      bytes: Buffer.from('- [x] ticked'),
      message: 'Tick',
      date: DATE,
    }),
  );
  const clone = join(rig.root, 'clone');
  git(rig.root, 'clone', '-q', rig.project, clone);
  const options = {
    project: clone,
    scratch: join(rig.root, 's2'),
    mode: 'branch',
    path: process.env['PATH'] ?? '',
    date: DATE,
    sandbox: { kind: 'none' },
  } as const;
  const fresh = good(await openRepository(options));
  const specDir = join(clone, '.start/specs', SPEC);
  const opened = good(await openBranch(fresh, { branch: BRANCH, specDir, date: DATE }));
  expect(opened).toMatchObject({
    head: ticked,
    behind: true,
    notes: [expect.stringMatching(/origin/)],
  });

  // A person's edit in the clone wins over the branch.
  writeFileSync(join(clone, MANIFEST), 'by hand');
  const edited = good(
    await openBranch(good(await openRepository(options)), { branch: BRANCH, specDir, date: DATE }),
  );
  expect(edited.behind).toBe(false);
  expect(Buffer.from(good(await readFile(fresh, BRANCH, MANIFEST)) ?? []).toString()).toBe(
    'by hand',
  );
});

test('a shallow clone and a linked work tree will do', async () => {
  using rig = new Rig();
  rig.commit();
  write(rig.project, { 'b.txt': 'b' });
  rig.commit('More');
  const shallow = join(rig.root, 'shallow');
  git(rig.root, 'clone', '-q', '--depth', '1', `file://${rig.project}`, shallow);
  const linked = join(rig.root, 'linked');
  git(rig.project, 'worktree', 'add', '-q', '--detach', linked);
  for (const [index, project] of [shallow, linked].entries()) {
    const repo = good(
      await openRepository({
        project,
        scratch: join(rig.root, `s${index}`),
        mode: 'branch',
        path: process.env['PATH'] ?? '',
        date: DATE,
        sandbox: { kind: 'none' },
      }),
    );
    write(project, { [MANIFEST]: 'edited' });
    const opened = good(
      await openBranch(repo, {
        branch: BRANCH,
        specDir: join(project, '.start/specs', SPEC),
        date: DATE,
      }),
    );
    expect(git(project, 'show', `${opened.head}:${MANIFEST}`)).toBe('edited');
  }
});
