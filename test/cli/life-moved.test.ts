import { execFileSync } from 'node:child_process';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventOfType } from '../rig/follow.ts';
import { desk, hold, letGo, scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const run = (project: Project, from = project) =>
  project.cli(['run', '--json', '--barrier', 'advisory', ...scripted(from)]);

test('a project that was copied with its .factory goes on where the other one stopped', async () => {
  await using project = await Project.minimal({ units: 2, maxIterations: 1, wrong: { 2: 1 } });
  expect((await run(project)).code).toBe(3);
  await using copy = await Project.empty('elsewhere');
  await cp(project.dir, copy.dir, { recursive: true });
  expect((await copy.cli(['decide', '001', 'sign-2', '--retry', 'say right'])).code).toBe(0);
  const { code, stdout } = await run(copy, project);
  expect(code).toBe(0);
  // What had landed before the copy is not coded again.
  const coded = Project.events(stdout).filter(({ type }) => type === 'code.started');
  expect(coded).toMatchObject([{ unit: 'sign-2', iteration: 1, attempt: 2 }]);
  expect(await copy.read('.start/specs/001-signs/manifest.md')).toContain('- [x] sign-2');
  expect(await project.read('.start/specs/001-signs/manifest.md')).toContain('- [ ] sign-2');
});

/** Mounting a disk small enough to be full takes root, and a system that lets it. */
function mounted(dir: string, size: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', dir], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test('a full disk stops the run resumably, and loses nothing of it', async ({ skip }) => {
  await using project = await Project.minimal({ units: 2 });
  const disk = join(project.dir, '.factory');
  await mkdir(disk);
  if (process.platform !== 'linux' || !mounted(disk, '400k'))
    return skip('a small disk cannot be mounted here: it takes root on Linux');
  try {
    // Leaves room to begin, and none to come to the end.
    await writeFile(join(disk, 'ballast'), Buffer.alloc(370 * 1024));
    const { code, stderr } = await run(project);
    expect([code, stderr]).toEqual([75, expect.stringMatching(/no space|ENOSPC|full/i)]);
    await rm(join(disk, 'ballast'));
    execFileSync('mount', ['-o', 'remount,size=64m', disk]);
    expect((await run(project)).code).toBe(0);
  } finally {
    execFileSync('umount', [disk]);
  }
});

test('a repository whose disk fills up while an agent works stops the run resumably, and loses nothing of it', async ({
  skip,
}) => {
  await using project = await Project.minimal({ git: false });
  const disk = join(project.dir, '.git');
  await mkdir(disk);
  if (process.platform !== 'linux' || !mounted(disk, '4m'))
    return skip('a small disk cannot be mounted here: it takes root on Linux');
  try {
    await project.commit();
    await hold(project, 'sign-1');
    const args = ['run', '--json', '--retries', '0', ...desk(project)];
    const running = project.start(args);
    await eventOfType(running, 'code.started');
    const ballast = join(disk, 'ballast');
    await writeFile(ballast, Buffer.alloc(8 * 1024 * 1024)).catch(() => undefined);
    await letGo(project, 'sign-1');
    const { exitCode, stderr } = await running;
    expect([exitCode, stderr]).toEqual([75, expect.stringMatching(/no space left/i)]);
    await rm(ballast);
    const again = await project.cli(args);
    expect(again.code).toBe(0);
    await project.git('fsck', '--strict');
    const last = Project.events(again.stdout).findLast(({ type }) => type === 'code.started');
    expect(last ?? { iteration: 1 }).toMatchObject({ iteration: 1 });
  } finally {
    execFileSync('umount', [disk]);
  }
});
