import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace } from '../../src/barrier/index.ts';
import { codeRun, git, good, landed, request, Rig, SECRET, task, write } from './rig.ts';

test('a workspace holds one commit and nothing of any spec', async () => {
  using rig = new Rig({
    'src/a.txt': 'one\n',
    '.start/specs/002-other/manifest.md': 'other',
    '.start/factory.yaml': 'x: 1\n',
  });
  const { repo, head } = await rig.ready();
  const { dir } = good(await makeWorkspace(repo, task(head)));

  expect(git(dir, 'log', '--all', '--oneline').trim().split('\n')).toHaveLength(1);
  expect(git(dir, 'status', '--porcelain')).toBe('');
  expect(existsSync(join(dir, '.start/specs'))).toBe(false);
  expect(readFileSync(join(dir, '.start/factory.yaml'), 'utf8')).toBe('x: 1\n');
  const objects = git(dir, 'cat-file', '--batch-all-objects', '--batch');
  expect(objects).toContain('one');
  expect(objects).not.toContain(SECRET);
  expect(objects).not.toContain('manifest');
  expect(existsSync(join(dir, '.git/objects/info/alternates'))).toBe(false);
  expect(dir).not.toContain('first-part');
});

test('a legacy spec folder is hidden only if it holds specs', async () => {
  using legacy = new Rig({
    'a.txt': 'a',
    'docs/specs/001-old/manifest.md': 'm',
    'docs/specs/001-old/scenarios/x.md': SECRET,
  });
  const first = await legacy.ready();
  const blind = good(await makeWorkspace(first.repo, task(first.head)));
  expect(existsSync(join(blind.dir, 'docs'))).toBe(false);

  using docs = new Rig({ 'a.txt': 'a', 'docs/specs/api.md': 'an API' });
  const second = await docs.ready();
  const open = good(await makeWorkspace(second.repo, task(second.head)));
  expect(existsSync(join(open.dir, 'docs/specs/api.md'))).toBe(true);
});

test('a base brought up to date holds nothing of the ones before', async () => {
  using rig = new Rig({
    'src/a.txt': 'one\n',
    'swap/inner.txt': 'was in a folder\n',
    flat: 'was a file\n',
  });
  const { repo, head } = await rig.ready();
  let base = head;
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    const { commit } = await codeRun(repo, task(base, { attempt }), (dir) => {
      write(dir, { 'src/a.txt': `version ${attempt}\n` });
      if (attempt > 1) return;
      rmSync(join(dir, 'swap'), { recursive: true });
      rmSync(join(dir, 'flat'));
      write(dir, { swap: 'is a file\n', 'flat/inner.txt': 'is in a folder\n' });
    });
    ({ commit: base } = await landed(repo, request(commit, { attempt })));
  }
  const { dir } = good(await makeWorkspace(repo, task(base, { attempt: 5 })));
  expect(git(dir, 'status', '--porcelain')).toBe('');
  expect(git(dir, 'log', '--all', '--oneline').trim().split('\n')).toHaveLength(1);
  expect(git(dir, 'fsck', '--full', '--strict')).toBe('');
  expect(git(dir, 'ls-files').trim().split('\n')).toEqual(['flat/inner.txt', 'src/a.txt', 'swap']);
  expect(readFileSync(join(dir, 'flat/inner.txt'), 'utf8')).toBe('is in a folder\n');
  const objects = git(dir, 'cat-file', '--batch-all-objects', '--batch');
  expect(objects).toContain('version 4');
  for (const old of ['version 3', 'version 2', 'was a file', SECRET])
    expect(objects).not.toContain(old);
  expect(git(rig.project, 'fsck', '--strict')).not.toMatch(/error|missing/);
});

test('workspaces made at the same time from different bases do not mix', async () => {
  using rig = new Rig({ 'src/a.txt': 'zero\n' });
  const { repo, head } = await rig.ready();
  const bases = [head];
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const { commit } = await codeRun(repo, task(bases.at(-1) ?? head, { attempt }), (dir) =>
      write(dir, { 'src/a.txt': `${attempt}\n` }),
    );
    bases.push((await landed(repo, request(commit, { attempt }))).commit);
  }
  const made = await Promise.all(
    [...bases, ...bases].map(async (base, index) =>
      good(await makeWorkspace(repo, task(base, { unit: `u-${index}` }))),
    ),
  );
  const texts = made.map(({ dir }) => readFileSync(join(dir, 'src/a.txt'), 'utf8'));
  expect(texts).toEqual(['zero\n', '1\n', '2\n', '3\n', 'zero\n', '1\n', '2\n', '3\n']);
  for (const { dir } of made) expect(git(dir, 'status', '--porcelain')).toBe('');
});
