import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventOfType } from '../rig/follow.ts';
import { desk, hold, letGo, scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const MANIFEST = '.start/specs/001-signs/manifest.md';

test('work that landed in a run that was aborted is delivered by the next one', async () => {
  await using project = await Project.minimal({
    units: 2,
    git: false,
    maxIterations: 1,
    wrong: { 2: 1 },
  });
  const run = () =>
    project.cli(['run', '--git', 'none', '--on-escalate', 'abort', ...scripted(project)]);
  expect((await run()).code).toBe(1);
  await project.prepare('sign-2', 1, { 'posts/2.txt': 'right\n' });
  expect((await run()).code).toBe(0);
  expect(await project.read('posts/1.txt')).toBe('right\n');
  expect(await project.read('posts/2.txt')).toBe('right\n');
});

test('a result that cannot be copied into the project stops the run; put right, it is copied', async () => {
  await using project = await Project.minimal({ git: false });
  await hold(project, 'sign-1');
  const args = ['run', '--json', '--retries', '0', ...desk(project)];
  const running = project.start(args);
  await eventOfType(running, 'code.started');
  // A file where the result wants a folder.
  await project.write('posts', 'mine\n');
  await letGo(project, 'sign-1');
  const { exitCode, stderr } = await running;
  expect([exitCode, stderr]).toEqual([75, expect.stringContaining('delivery failed')]);
  await rm(join(project.dir, 'posts'));
  expect((await project.cli(args)).code).toBe(0);
  expect(await project.read('posts/1.txt')).toBe('right\n');
});

test('what a person changed between two runs is what the next one builds on', async () => {
  await using project = await Project.minimal({ git: false });
  const args = ['run', ...desk(project)];
  expect((await project.cli(args)).code).toBe(0);
  // Their own file, a file of the factory's, one that goes, and one more unit.
  await project.write('notes/mine.txt', 'mine\n');
  await project.write('posts/1.txt', 'right\nand signed\n');
  await rm(join(project.dir, 'README.md'));
  await project.layOut({ units: 2 });
  await rm(join(project.dir, 'README.md'));
  const text = await project.read(MANIFEST);
  await project.write(MANIFEST, text.replace('[ ] sign-1', '[x] sign-1'));
  // The second agent adds a line to what the person wrote: it must see that.
  await project.prepare('sign-2', 1, { 'posts/1.txt': 'right\nand signed\nand sealed\n' });
  const again = await project.cli(args);
  expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('2 of 2 units')]);
  expect(again.stderr).not.toContain('left alone');
  expect(await project.read('posts/1.txt')).toBe('right\nand signed\nand sealed\n');
  expect(await project.read('posts/2.txt')).toBe('right\n');
  const repository = ['--git-dir', '.factory/repository.git', 'ls-tree', '-r', '--name-only'];
  const files = (await project.git(...repository, 'factory/001-signs')).split('\n');
  expect(files).toContain('notes/mine.txt');
  expect(files).not.toContain('README.md');
  expect(await project.read('notes/mine.txt')).toBe('mine\n');
});

test('a change that conflicts with work that was not delivered is left in place, and told of', async () => {
  await using project = await Project.minimal({
    units: 2,
    git: false,
    maxIterations: 1,
    wrong: { 2: 1 },
  });
  const args = ['run', '--on-escalate', 'abort', ...scripted(project)];
  const aborted = await project.cli(args);
  expect([aborted.code, aborted.stderr]).toEqual([
    1,
    expect.stringContaining('Nothing was copied into'),
  ]);
  await project.write('posts/1.txt', 'mine\n');
  await project.prepare('sign-2', 1, { 'posts/2.txt': 'right\n' });
  const again = await project.cli(args);
  expect([again.code, again.stderr]).toEqual([
    0,
    expect.stringMatching(/not built on: they conflict .*posts\/1\.txt[^]*left alone/),
  ]);
  expect(await project.read('posts/1.txt')).toBe('mine\n');
});
