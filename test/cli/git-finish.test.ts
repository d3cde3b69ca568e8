import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { desk } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const MANIFEST = '.start/specs/001-signs/manifest.md';
const BRANCH = 'factory/001-signs';

async function finished(): Promise<Project> {
  const project = await Project.minimal();
  expect((await project.cli(['run', ...desk(project)])).code).toBe(0);
  return project;
}

const finish = (project: Project, ...flags: string[]) => project.cli(['finish', '001', ...flags]);

test('--merge brings work and manifest into the branch that is checked out', async () => {
  await using project = await finished();
  const unasked = await finish(project);
  expect([unasked.code, unasked.stderr]).toEqual([
    2,
    expect.stringContaining('--merge, --pr, --leave'),
  ]);
  const left = await finish(project, '--leave');
  expect([left.code, left.stderr]).toEqual([
    0,
    expect.stringContaining(`git diff HEAD...${BRANCH}`),
  ]);

  // Work of somebody else in the meantime, and an untracked file, are no obstacle.
  await project.write('other.txt', 'other\n');
  await project.git('add', 'other.txt');
  await project.git('commit', '--quiet', '--message', 'Other');
  await project.write('untracked.txt', 'mine\n');
  const merged = await finish(project, '--merge');
  expect([merged.code, merged.stderr]).toEqual([0, expect.stringContaining('merged into main')]);
  expect(await project.git('status', '--porcelain')).toBe('?? untracked.txt');
  expect(await project.read('posts/1.txt')).toBe('right\n');
  expect(await project.read(MANIFEST)).toMatch(/^status: completed$/m);
  expect(await project.git('log', '-1', '--format=%an %p')).toMatch(/^A Person \w+ \w+$/);
  expect((await finish(project, '--merge')).code).toBe(0);
});

test('a spec that was never committed comes into git with the merge', async () => {
  await using project = await Project.minimal({ git: false });
  await project.git('init', '--quiet', '--initial-branch=main');
  await project.git('add', 'README.md', 'lib');
  await project.git('commit', '--quiet', '--message', 'Start');
  expect((await project.cli(['run', ...desk(project)])).code).toBe(0);
  expect(await project.git('status', '--porcelain')).toBe('?? .start/');
  expect((await finish(project, '--merge')).code).toBe(0);
  expect(await project.git('status', '--porcelain')).toBe('');
  expect(await project.git('show', `main:${MANIFEST}`)).toContain('- [x] sign-1');
});

test('--merge is not confused by what is staged in the spec directory', async () => {
  await using project = await finished();
  const spec = '.start/specs/001-signs';
  await project.git('mv', `${spec}/units/sign-1.md`, `${spec}/units/sign-one.md`);
  const renamed = await finish(project, '--merge');
  expect(renamed.code).toBe(1);
  for (const name of ['sign-1.md', 'sign-one.md'])
    expect(renamed.stderr).toContain(`${spec}/units/${name}`);
  await project.git('mv', `${spec}/units/sign-one.md`, `${spec}/units/sign-1.md`);
  // The ticked manifest, staged: the same that the run branch has.
  await project.git('add', MANIFEST);
  expect((await finish(project, '--merge')).code).toBe(0);
  expect(await project.git('status', '--porcelain')).toBe('');
});

test('--merge refuses over changes of a person, and undoes what conflicts', async () => {
  await using project = await finished();
  const manifest = await project.read(MANIFEST);
  await project.write(MANIFEST, manifest.replace('Prose of a person.', 'My own prose.'));
  const refused = await finish(project, '--merge');
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(MANIFEST)]);
  expect(await project.read(MANIFEST)).toContain('My own prose.');
  await project.write(MANIFEST, manifest);

  await project.write('posts/1.txt', 'mine\n');
  await project.git('add', 'posts');
  await project.git('commit', '--quiet', '--message', 'Mine');
  const head = await project.git('rev-parse', 'HEAD');
  const conflict = await finish(project, '--merge');
  expect([conflict.code, conflict.stderr]).toEqual([1, expect.stringContaining('posts/1.txt')]);
  expect(await project.git('rev-parse', 'HEAD')).toBe(head);
  expect(await project.git('status', '--porcelain')).toBe(` M ${MANIFEST}`);
  expect(await project.read(MANIFEST)).toBe(manifest);
});

test('--pr says what is missing: a remote, then gh; with both it opens one', async () => {
  await using project = await finished();
  const alone = await finish(project, '--pr');
  expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('git remote add')]);

  await project.git('init', '--quiet', '--bare', '../remote.git');
  await project.git('remote', 'add', 'origin', '../remote.git');
  const bin = join(project.root, 'bin');
  const path = `${bin}:${process.env['PATH'] ?? ''}`;
  await project.write('../bin/gh', '#!/bin/sh\necho "no login" >&2\nexit 4\n');
  await chmod(join(bin, 'gh'), 0o755);
  const failed = await project.cli(['finish', '001', '--pr'], { env: { PATH: path } });
  expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining('no login')]);
  expect(await project.git('ls-remote', '--heads', 'origin')).toContain(`refs/heads/${BRANCH}`);

  await project.write('../bin/gh', '#!/bin/sh\necho "https://example.invalid/pull/1"\n');
  const opened = await project.cli(['finish', '001', '--pr'], { env: { PATH: path } });
  expect([opened.code, opened.stdout]).toEqual([0, 'https://example.invalid/pull/1']);
  expect(await readdir(bin)).toEqual(['gh']);
});

test('finish wants a run to be finished', async () => {
  await using project = await Project.minimal();
  const never = await finish(project, '--merge');
  expect([never.code, never.stderr]).toEqual([2, expect.stringContaining('never run')]);
});
