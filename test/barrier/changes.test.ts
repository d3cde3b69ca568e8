import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { land } from '../../src/barrier/index.ts';
import { BRANCH, codeRun, git, good, landed, request, Rig, SECRET, task, write } from './rig.ts';

test('every kind of change comes through harvest and landing unharmed', async () => {
  const bytes = Buffer.from([0, 255, 13, 10, 200, 10]);
  using rig = new Rig({
    'old name.txt': 'moved\n',
    'gone.txt': 'x',
    'crlf.txt': 'a\r\nb\r\n',
    'tool.sh': '#!/bin/sh\n',
    'src/a.txt': 'one\n',
  });
  const { repo, head } = await rig.ready();
  const { commit, files } = await codeRun(repo, task(head), (dir) => {
    renameSync(join(dir, 'old name.txt'), join(dir, 'neuer Näme.txt'));
    rmSync(join(dir, 'gone.txt'));
    chmodSync(join(dir, 'tool.sh'), 0o755);
    write(dir, {
      'bin.dat': bytes,
      'crlf.txt': 'a\r\nB\r\n',
      'lib/日本.txt': 'hi',
      'lib/link': { link: '../src/a.txt' },
    });
  });
  expect([...files].sort()).toEqual(
    [
      'bin.dat',
      'crlf.txt',
      'gone.txt',
      'lib/link',
      'lib/日本.txt',
      'neuer Näme.txt',
      'old name.txt',
      'tool.sh',
    ].sort(),
  );

  const outcome = await landed(repo, request(commit));
  expect(outcome).toMatchObject({ files: 8, serverSide: false });
  const clone = join(rig.root, 'clone');
  git(rig.root, 'clone', '-q', '-b', BRANCH, rig.project, clone);
  expect(readFileSync(join(clone, 'bin.dat')).equals(bytes)).toBe(true);
  expect(readFileSync(join(clone, 'crlf.txt'), 'utf8')).toBe('a\r\nB\r\n');
  expect(readFileSync(join(clone, 'neuer Näme.txt'), 'utf8')).toBe('moved\n');
  expect(existsSync(join(clone, 'gone.txt'))).toBe(false);
  expect(lstatSync(join(clone, 'tool.sh')).mode & 0o100).toBe(0o100);
  expect(readlinkSync(join(clone, 'lib/link'))).toBe('../src/a.txt');
  expect(
    readFileSync(join(clone, '.start/specs/001-thing/scenarios/first-part/moon.md'), 'utf8'),
  ).toContain(SECRET);
});

test('an edit of the same length within the second of the checkout is seen', async () => {
  using rig = new Rig({ 'src/a.txt': 'one\n' });
  const { repo, head } = await rig.ready();
  const { files } = await codeRun(repo, task(head), (dir) => write(dir, { 'src/a.txt': 'two\n' }));
  expect(files).toEqual(['src/a.txt']);
});

test('work without a change lands as nothing', async () => {
  using rig = new Rig();
  const { repo, head } = await rig.ready();
  const { commit, files } = await codeRun(repo, task(head), () => undefined);
  expect(files).toEqual([]);
  expect(await landed(repo, request(commit))).toEqual({
    kind: 'landed',
    commit: head,
    files: 0,
    serverSide: false,
  });
});

test('a harvest stays reachable, and an ignored file stays behind', async () => {
  using rig = new Rig({ 'a.txt': 'a', '.gitignore': 'dist/\n' });
  const { repo, head } = await rig.ready();
  const { commit, files } = await codeRun(repo, task(head), (dir) =>
    write(dir, { 'dist/out.js': 'x', 'b.txt': 'b' }),
  );
  expect(files).toEqual(['b.txt']);
  const kept = (run: string) =>
    git(rig.project, 'rev-parse', `refs/factory/001-thing/${run}/first-part/1`).trim();
  expect(kept('run-1')).toBe(commit);
  const later = await codeRun(repo, task(head, { run: 'run-2' }), (dir) =>
    write(dir, { 'later.txt': 'x' }),
  );
  expect([kept('run-1'), kept('run-2')]).toEqual([commit, later.commit]);
});

test('a conflict becomes a workspace with markers around the own work, and lands', async () => {
  using rig = new Rig({ 'src/a.txt': 'one\ntwo\nthree\n', 'src/del.txt': 'x\n' });
  const { repo, head } = await rig.ready();
  const mine = await codeRun(repo, task(head), (dir) =>
    write(dir, { 'src/a.txt': 'one\nMINE\nthree\n', 'src/mine.txt': 'm\n' }),
  );
  const theirs = await codeRun(repo, task(head, { unit: 'second-part' }), (dir) =>
    write(dir, { 'src/a.txt': 'one\nTHEIRS\nthree\n' }),
  );
  const other = await landed(repo, request(theirs.commit, { unit: 'second-part' }));
  const outcome = good(await land(repo, request(mine.commit)));
  expect(outcome).toEqual({ kind: 'conflict', paths: ['src/a.txt'] });

  const again = await codeRun(
    repo,
    task(other.commit, { attempt: 2, conflict: mine.commit }),
    (dir) => {
      const text = readFileSync(join(dir, 'src/a.txt'), 'utf8');
      expect(text).toMatch(/<<<<<<<[^]*THEIRS[^]*=======[^]*MINE[^]*>>>>>>>/);
      expect(text).not.toContain('first-part');
      expect(readFileSync(join(dir, 'src/mine.txt'), 'utf8')).toBe('m\n');
      expect(git(dir, 'log', '--all', '--oneline').trim().split('\n')).toHaveLength(1);
      write(dir, { 'src/a.txt': 'one\nBOTH\nthree\n' });
    },
  );
  expect(again.workspace.conflicts).toEqual(['src/a.txt']);
  expect([...again.files].sort()).toEqual(['src/a.txt', 'src/mine.txt']);
  const end = await landed(repo, request(again.commit, { attempt: 2 }));
  expect(git(rig.project, 'show', `${end.commit}:src/a.txt`)).toBe('one\nBOTH\nthree\n');
});

test('nothing that the agent plants in git directories runs', async () => {
  using rig = new Rig();
  const { repo, head } = await rig.ready();
  const trap = join(rig.root, 'sprung');
  const script = `#!/bin/sh\ntouch '${trap}'\n`;
  const { commit, workspace } = await codeRun(repo, task(head), (dir) => {
    write(dir, { 'trap.sh': script, 'src/b.txt': 'b' });
    chmodSync(join(dir, 'trap.sh'), 0o755);
    for (const hook of [
      'pre-commit',
      'post-commit',
      'post-index-change',
      'reference-transaction',
    ]) {
      write(dir, { [`.git/hooks/${hook}`]: script });
      chmodSync(join(dir, '.git/hooks', hook), 0o755);
    }
    const nested = join(dir, 'vendor/inner');
    write(nested, { 'x.txt': 'x' });
    git(nested, 'init', '-q');
    git(nested, 'add', '-A');
    git(nested, 'commit', '-q', '-m', 'inner');
    write(dir, { '.gitattributes': '* filter=evil\n' });
    for (const place of [dir, nested]) {
      git(place, 'config', 'core.fsmonitor', join(dir, 'trap.sh'));
      git(place, 'config', 'filter.evil.clean', join(dir, 'trap.sh'));
    }
    rmSync(trap, { force: true });
  });
  const outcome = good(await land(repo, request(commit)));
  expect(existsSync(trap)).toBe(false);
  expect(outcome).toEqual({
    kind: 'refused',
    symptoms: [
      '.gitattributes: filters and encodings of files may not change, undo this change',
      'vendor/inner: is a git repository of its own, remove its .git folder',
    ],
  });
  execFileSync('sh', [join(workspace.dir, 'trap.sh')]);
  expect(existsSync(trap)).toBe(true);
});

test('an empty repository inside is refused, not dropped', async () => {
  using rig = new Rig();
  const { repo, head } = await rig.ready();
  const { commit } = await codeRun(repo, task(head), (dir) => {
    write(dir, { 'inner one/x.txt': 'x', 'fine.txt': 'f' });
    git(join(dir, 'inner one'), 'init', '-q');
  });
  const outcome = good(await land(repo, request(commit)));
  expect(outcome).toMatchObject({ kind: 'refused' });
});
