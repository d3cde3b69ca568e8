import { spawnSync } from 'node:child_process';
import { chmod, readdir, rename } from 'node:fs/promises';
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

  // Without the journal the branch is enough to go by.
  await rename(join(project.dir, '.factory'), join(project.root, 'journal'));
  const lone = (await project.cli(['status'])).stdout;
  expect(lone).toMatch(/its work is on factory\/001-signs, go on with: .*finish 001-signs --merge/);
  expect(lone).toContain('cost unknown');
  const data: unknown = JSON.parse((await project.cli(['status', '--json'])).stdout);
  expect(data).toMatchObject({ branch: BRANCH, units: [{ status: 'completed', costUsd: null }] });
  for (const command of ['run', 'report'])
    expect(
      (await project.cli([command, '001', ...(command === 'run' ? desk(project) : [])])).stderr,
    ).toContain(`Its work is on ${BRANCH}`);
  await using clone = await Project.cloneOf(project, 'main');
  expect((await clone.cli(['status'])).stdout).toContain(`its work is on origin/${BRANCH}`);
  expect((await finish(clone, '--merge')).stderr).toContain(`origin/${BRANCH} is merged into main`);
  expect(await clone.read('posts/1.txt')).toBe('right\n');

  // Work of somebody else in the meantime, and an untracked file, are no obstacle.
  await project.write('other.txt', 'other\n');
  await project.git('add', 'other.txt');
  await project.git('commit', '--quiet', '--message', 'Other');
  await project.write('untracked.txt', 'mine\n');
  const merged = await finish(project, '--merge');
  expect([merged.code, merged.stderr]).toEqual([
    0,
    expect.stringMatching(/merged into main[^]*git branch -d/),
  ]);
  expect(await project.git('status', '--porcelain')).toBe('?? untracked.txt');
  expect(await project.read('posts/1.txt')).toBe('right\n');
  expect(await project.read(MANIFEST)).toMatch(/^status: completed$/m);
  expect(await project.git('log', '-1', '--format=%an %p')).toMatch(/^A Person \w+ \w+$/);
  await rename(join(project.root, 'journal'), join(project.dir, '.factory'));
  const again = await finish(project, '--merge');
  expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('already merged')]);
  const offered = (await project.cli(['report'])).stdout;
  expect(offered).toMatch(/Next step:\n- .* is merged.*git branch -d factory\/001-signs\n/);
  await project.git('branch', '--quiet', '-d', BRANCH);
  expect((await finish(project, '--merge')).stderr).toContain('already merged');
});

test('of a failed spec it says what is not completed; onto itself it merges nothing', async () => {
  await using project = await Project.minimal({ units: 2 });
  const text = await project.read(MANIFEST);
  await project.git('switch', '--quiet', '--create', BRANCH);
  const half = text
    .replace('status: pending', 'status: failed')
    .replace('[ ] sign-1', '[x] sign-1');
  await project.write(MANIFEST, half);
  await project.commit('Half of it');
  const itself = await finish(project, '--merge');
  expect([itself.code, itself.stderr]).toEqual([2, expect.stringContaining('git switch')]);
  await project.git('switch', '--quiet', 'main');
  const merged = await finish(project, '--merge');
  expect([merged.code, merged.stderr]).toEqual([
    0,
    expect.stringContaining('1 of 2 units is not completed (sign-2)'),
  ]);
});

test('a spec that was never committed comes into git with the merge', async () => {
  await using project = await Project.minimal({ git: false });
  await project.git('init', '--quiet', '--initial-branch=main');
  await project.git('add', 'README.md', 'lib');
  await project.git('commit', '--quiet', '--message', 'Start');
  // A run takes it in as it is, whatever line ends git would give it.
  await project.git('config', 'core.autocrlf', 'true');
  await project.write(MANIFEST, (await project.read(MANIFEST)).replaceAll('\n', '\r\n'));
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
  const inTheWay = await finish(project, '--merge');
  expect([inTheWay.code, inTheWay.stderr]).toEqual([
    1,
    expect.stringMatching(/overwritten: posts\/1\.txt[^]*Move or remove/),
  ]);
  await project.git('add', 'posts');
  await project.git('commit', '--quiet', '--message', 'Mine');
  const head = await project.git('rev-parse', 'HEAD');
  const conflict = await finish(project, '--merge');
  expect([conflict.code, conflict.stderr]).toEqual([1, expect.stringContaining('posts/1.txt')]);
  expect(await project.git('rev-parse', 'HEAD')).toBe(head);
  expect(await project.git('status', '--porcelain')).toBe(` M ${MANIFEST}`);
  expect(await project.read(MANIFEST)).toBe(manifest);
  // What it says to do by hand gets as far as the conflict.
  const byHand =
    /By hand: (git checkout .* && git merge .*); then/.exec(conflict.stderr)?.[1] ?? '';
  const tried = spawnSync('sh', ['-c', byHand], { cwd: project.dir, encoding: 'utf8' });
  expect([tried.status, tried.stdout]).toEqual([1, expect.stringContaining('CONFLICT')]);
  expect(await project.git('diff', '--name-only', '--diff-filter=U')).toBe('posts/1.txt');
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
