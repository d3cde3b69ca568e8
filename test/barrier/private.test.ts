import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commitFile, deliver, openBranch } from '../../src/barrier/index.ts';
import {
  BRANCH,
  codeRun,
  DATE,
  git,
  good,
  landed,
  request,
  Rig,
  SPEC,
  task,
  write,
} from './rig.ts';

const FILES = {
  'src/a.txt': 'one\n',
  'src/touched.txt': 'theirs\n',
  'gone.txt': 'x',
  '.gitignore': '*.log\n',
  'x.log': 'noise',
  'node_modules/y/index.js': 'y',
};

test('a project without git gets a private repository with its files, and results copied over untouched files only', async () => {
  using rig = new Rig(FILES);
  const { repo, head } = await rig.ready('none');
  expect(existsSync(join(rig.project, '.git'))).toBe(false);
  expect(readFileSync(join(rig.project, '.factory/.gitignore'), 'utf8')).toBe('*\n');
  const names = git(
    rig.project,
    '--git-dir',
    '.factory/repository.git',
    'ls-tree',
    '-r',
    '--name-only',
    head,
  )
    .trim()
    .split('\n');
  expect(names.filter((name) => !name.startsWith('.start/'))).toEqual([
    '.gitignore',
    'gone.txt',
    'src/a.txt',
    'src/touched.txt',
  ]);

  const { commit } = await codeRun(repo, task(head), (dir) => {
    rmSync(join(dir, 'gone.txt'));
    write(dir, {
      'src/a.txt': 'two\n',
      'src/touched.txt': 'ours\n',
      'bin/tool': '#!/bin/sh\n',
      link: { link: 'src/a.txt' },
      'clash.txt': 'ours',
    });
    chmodSync(join(dir, 'bin/tool'), 0o755);
  });
  const { commit: to } = await landed(repo, request(commit));
  await commitFile(repo, {
    branch: BRANCH,
    path: `.start/specs/${SPEC}/manifest.md`,
    bytes: Buffer.from('ticked'),
    message: 'Tick',
    date: DATE,
  });
  write(rig.project, { 'src/touched.txt': 'by hand\n', 'clash.txt': 'by hand' });

  const done = good(await deliver(repo, { from: head, to }));
  expect([...done.kept].sort()).toEqual(['clash.txt', 'src/touched.txt']);
  expect([...done.files].sort()).toEqual(['bin/tool', 'gone.txt', 'link', 'src/a.txt']);
  expect(readFileSync(join(rig.project, 'link'), 'utf8')).toBe('two\n');
  expect(readFileSync(join(rig.project, 'src/touched.txt'), 'utf8')).toBe('by hand\n');
  expect(existsSync(join(rig.project, 'gone.txt'))).toBe(false);
  expect(statSync(join(rig.project, 'bin/tool')).mode & 0o111).not.toBe(0);
  expect(good(await deliver(repo, { from: head, to })).files).toEqual([]);
});

test('a private repository is taken up again', async () => {
  using rig = new Rig(FILES);
  const first = await rig.ready('none');
  const again = good(await rig.open('none'));
  expect(again.head).toBe(first.repo.head);
  const opened = good(
    await openBranch(again, { branch: BRANCH, specDir: rig.specDir, date: DATE }),
  );
  expect(opened).toMatchObject({ head: first.head, tracked: true });
  write(rig.project, { 'src/a.txt': 'new\n' });
  expect(good(await rig.open('none')).head).not.toBe(first.repo.head);
});

test('a mode, a file in place of a folder and a folder in place of a file are delivered', async () => {
  using rig = new Rig({ 'run.sh': '#!/bin/sh\n', 'lib/deep/a.txt': 'a', one: '1' });
  const { repo, head } = await rig.ready('none');
  const { commit } = await codeRun(repo, task(head), (dir) => {
    chmodSync(join(dir, 'run.sh'), 0o755);
    rmSync(join(dir, 'lib'), { recursive: true });
    rmSync(join(dir, 'one'));
    write(dir, { lib: 'a file', 'one/two.txt': '2' });
  });
  const { commit: to } = await landed(repo, request(commit));
  const done = good(await deliver(repo, { from: head, to }));
  expect(done.kept).toEqual([]);
  expect(statSync(join(rig.project, 'run.sh')).mode & 0o111).not.toBe(0);
  expect(readFileSync(join(rig.project, 'lib'), 'utf8')).toBe('a file');
  expect(readFileSync(join(rig.project, 'one/two.txt'), 'utf8')).toBe('2');
  expect(good(await deliver(repo, { from: head, to })).files).toEqual([]);
});
