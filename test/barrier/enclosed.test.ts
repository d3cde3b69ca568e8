import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import {
  checkout,
  disposeWorkspace,
  harvest,
  installer,
  land,
  makeWorkspace,
  openBranch,
} from '../../src/barrier/index.ts';
import type { Repository, Workspace } from '../../src/barrier/index.ts';
import { run, spawn } from '../../src/process/index.ts';
import { behindWall } from '../rig/sandbox.ts';
import {
  BRANCH,
  DATE,
  git,
  good,
  landed,
  PATH,
  request,
  Rig,
  SECRET,
  shutIn,
  task,
} from './rig.ts';

async function ready(rig: Rig): Promise<{ repo: Repository; head: string }> {
  rig.commit();
  const repo = good(await rig.open('branch', { sandbox: await shutIn(rig) }));
  const opened = good(await openBranch(repo, { branch: BRANCH, specDir: rig.specDir, date: DATE }));
  return { repo, head: opened.head };
}

/** Works as an agent does: a process in the sandbox, with the workspace's view. */
const work = (repo: Repository, { dir, view, home }: Workspace, script: string) =>
  run(
    {
      label: 'agent',
      command: ['sh', '-ec', script],
      cwd: dir,
      env: { PATH: '/usr/bin:/bin', HOME: home },
      view,
    },
    repo.sandbox,
  );

async function codeRun(
  repo: Repository,
  workspaceTask: Parameters<typeof makeWorkspace>[1],
  script: string,
) {
  const workspace = good(await makeWorkspace(repo, workspaceTask));
  const exit = await work(repo, workspace, script);
  expect(exit.stderr).toBe('');
  expect(exit.code).toBe(0);
  const harvested = good(await harvest(repo, workspace, { date: DATE }));
  await disposeWorkspace(workspace);
  return { ...harvested, stdout: exit.stdout, workspace };
}

behindWall('behind the wall', () => {
  test('a workspace is an overlay that its agent alone sees, made without a process', async () => {
    using rig = new Rig({ 'src/a.txt': 'one\n', 'gone.txt': 'x', 'folder/b.txt': 'b' });
    const { repo, head } = await ready(rig);
    const first = good(await makeWorkspace(repo, task(head)));
    const before = repo.count.spawns;
    const second = good(await makeWorkspace(repo, task(head, { unit: 'second-part' })));
    expect(repo.count.spawns).toBe(before);
    expect(first.view.overlay?.at).toBe(first.dir);
    expect(readdirSync(first.dir)).toEqual([]);
    expect(readFileSync(join(first.sources.at(-1) ?? '', 'src/a.txt'), 'utf8')).toBe('one\n');

    const exit = await work(
      repo,
      first,
      `git status --porcelain; git log --all --oneline | wc -l; git fsck --strict
     git cat-file --batch-all-objects --batch; ls -a .start 2>&1 || :
     echo two >src/a.txt; rm gone.txt; rm -r folder; mkdir folder; echo c >folder/c.txt
     chmod +x src/a.txt; ln -s src/a.txt link; echo home >"$HOME/x"`,
    );
    expect(exit.stderr).toBe('');
    expect(exit.stdout).toMatch(/^1\n/);
    expect(exit.stdout).not.toContain(SECRET);
    const { commit, files } = good(await harvest(repo, first, { date: DATE }));
    expect([...files].sort()).toEqual([
      'folder/b.txt',
      'folder/c.txt',
      'gone.txt',
      'link',
      'src/a.txt',
    ]);
    const other = await work(repo, second, 'cat src/a.txt; ls; ls "$HOME"');
    expect(other.stdout).toBe('one\nfolder\ngone.txt\nsrc\n');

    await Promise.all([first, second].map(disposeWorkspace));
    expect(readdirSync(join(repo.scratch, 'workspaces'))).toEqual([]);
    const { commit: tip } = await landed(repo, request(commit));
    expect(git(rig.project, 'ls-tree', '-r', '--name-only', tip)).not.toContain('gone.txt');
    expect(git(rig.project, 'ls-tree', tip, 'src/a.txt')).toMatch(/^100755/);
    const third = await codeRun(repo, task(tip, { attempt: 2 }), 'cat src/a.txt; git status -s');
    expect(third).toMatchObject({ stdout: 'two\n', files: [] });
  });

  test('git looks at an agent’s tree where the repository is out of sight', async () => {
    using rig = new Rig({ 'src/a.txt': 'one\n' });
    const { repo, head } = await ready(rig);
    // A filter that the agent declares is not run; its repository, hooks and settings are never looked at.
    const { commit } = await codeRun(
      repo,
      task(head),
      `printf '#!/bin/sh\\ntouch "$HOME/sprung" /tmp/sprung ${rig.root}/sprung\\n' >trap.sh; chmod +x trap.sh
     git config core.fsmonitor ./trap.sh; git config filter.evil.clean ./trap.sh
     mkdir -p .git/hooks; cp trap.sh .git/hooks/pre-commit; cp trap.sh .git/hooks/post-index-change
     printf '[core]\\n\\tfsmonitor = ./trap.sh\\n' >>.git/config; printf '* filter=evil\\n' >.gitattributes`,
    );
    expect(existsSync(join(rig.root, 'sprung'))).toBe(false);
    expect(existsSync(join(tmpdir(), 'sprung'))).toBe(false);
    expect(good(await land(repo, request(commit)))).toMatchObject({ kind: 'refused' });
    // Nothing but the clean base is there to be taken from.
    const objects = git(rig.project, 'rev-list', '--objects', '--no-walk', commit);
    expect(objects).not.toContain('moon.md');
  });

  test('a conflict is written inside, and its markers are found again', async () => {
    using rig = new Rig({ 'src/a.txt': 'one\ntwo\nthree\n', 'src/del.txt': 'x\n' });
    const { repo, head } = await ready(rig);
    const mine = await codeRun(
      repo,
      task(head),
      `printf 'one\\nMINE\\nthree\\n' >src/a.txt; rm src/del.txt; echo m >src/mine.txt`,
    );
    const theirs = await codeRun(
      repo,
      task(head, { unit: 'second-part' }),
      `printf 'one\\nTHEIRS\\nthree\\n' >src/a.txt`,
    );
    const other = await landed(repo, request(theirs.commit, { unit: 'second-part' }));
    expect(good(await land(repo, request(mine.commit)))).toEqual({
      kind: 'conflict',
      paths: ['src/a.txt'],
    });
    const again = { attempt: 2, conflict: mine.commit };
    const left = await codeRun(repo, task(other.commit, again), 'cat src/a.txt; ls src');
    expect(left.stdout).toMatch(/<<<<<<<[^]*THEIRS[^]*=======[^]*MINE[^]*>>>>>>>/);
    expect(left.stdout).toMatch(/\na\.txt\nmine\.txt\n$/);
    expect(good(await land(repo, request(left.commit, { attempt: 2 })))).toEqual({
      kind: 'refused',
      symptoms: ['src/a.txt: conflict markers are left in it, resolve them'],
    });
    const solved = await codeRun(
      repo,
      task(other.commit, { ...again, attempt: 3 }),
      `printf 'one\\nBOTH\\nthree\\n' >src/a.txt`,
    );
    const { commit: tip } = await landed(repo, request(solved.commit, { attempt: 3 }));
    expect(git(rig.project, 'show', `${tip}:src/a.txt`)).toBe('one\nBOTH\nthree\n');
  });

  test('what an agent takes from itself is harvested all the same', async () => {
    using rig = new Rig();
    const { repo, head } = await ready(rig);
    const { files } = await codeRun(
      repo,
      task(head),
      'mkdir -p closed src/x; echo b >closed/b.txt; echo c >src/x/c.txt; chmod 0 closed/b.txt closed src/x/c.txt',
    );
    expect([...files].sort()).toEqual(['closed/b.txt', 'src/x/c.txt']);
  });

  test('an install is shut in with a home of its own, and its layer lies under the workspace', async () => {
    using rig = new Rig({ 'lock.txt': '1\n', '.gitignore': 'cache/\n' });
    const { repo, head } = await ready(rig);
    const install = installer(repo, {
      command: `mkdir -p deps/a; echo dep >deps/a/x; touch "$HOME/cache"; ls ${rig.project} >>deps/seen 2>/dev/null || :`,
      env: { PATH: '/usr/bin:/bin', HOME: '/root' },
    });
    const layer = good(await install.layer(head));
    expect(layer?.entries).toEqual(['deps']);
    expect(readFileSync(join(layer?.dir ?? '', 'deps/seen'), 'utf8')).toBe('');
    const { stdout, files } = await codeRun(
      repo,
      task(head, { layer }),
      'cat deps/a/x; echo y >>deps/a/x; cat deps/a/x; git status -s; echo new >new.txt',
    );
    expect(stdout).toBe('dep\ndep\ny\n');
    expect(files).toEqual(['new.txt']);
    expect(readFileSync(join(layer?.dir ?? '', 'deps/a/x'), 'utf8')).toBe('dep\n');
    expect(statSync(join(layer?.dir ?? '', 'deps')).isDirectory()).toBe(true);
  });

  test('what runs in a product folder leads no checkout out of it, however fast it is with links', async () => {
    using rig = new Rig({ 'public/0.txt': 'one\n' });
    const { repo, head } = await ready(rig);
    const many = 'for i in $(seq 1000 1800); do echo planted >public/$i.txt; done';
    const { commit } = await codeRun(repo, task(head), many);
    const { commit: tip } = await landed(repo, request(commit));
    const [dir, outside] = [join(rig.root, 'product'), join(rig.root, 'outside')];
    good(await checkout(repo, { commit: head, dir, layer: null }));
    mkdirSync(outside);
    chmodSync(outside, 0o777);
    const program = fileURLToPath(new URL('../fixtures/wall/swapper.mjs', import.meta.url));
    const product = {
      label: 'product',
      command: [process.execPath, program, 'public', outside, '1000.txt'] as const,
      cwd: dir,
      env: { PATH },
      view: { read: [program], write: [dir] },
    };
    let up = () => undefined as void;
    const isUp = new Promise<void>((resolve) => {
      up = resolve;
    });
    const swapping = spawn(product, repo.sandbox, { onLine: () => up() });
    await isUp;
    // Git may well stumble over what happens to it.
    await checkout(repo, { commit: tip, dir, layer: null, occupied: true });
    await swapping.stop();
    expect(lstatSync(join(dir, 'public')).isSymbolicLink()).toBe(true);
    expect(readdirSync(outside)).toEqual([]);
    good(await checkout(repo, { commit: tip, dir, layer: null, occupied: true }));
    expect(readFileSync(join(dir, 'public/1800.txt'), 'utf8')).toBe('planted\n');
  });
});
