import { existsSync } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const ADVISORY = ['--barrier', 'advisory'];

interface Told {
  readonly scratch: string;
  readonly specs: readonly { spec: string; bytes: number; removed: boolean; kept: string | null }[];
  readonly gone: readonly { project: string; folder: string; removed: boolean }[];
  readonly record: number;
}

test('clean frees what finished runs left, and keeps what a run can go on with', async () => {
  await using project = await Project.minimal({ maxIterations: 1 });
  await project.layOut({ spec: '002-more', maxIterations: 1, wrong: { 1: 1 } });
  await project.commit();
  const run = (spec: string) => project.cli(['run', spec, ...ADVISORY, ...scripted(project)]);
  // Prepared files are laid out for both at once: the first run leaves the wrong word, so that a person is asked.
  const asked = await run('002');
  expect([asked.code, asked.stderr]).toEqual([
    3,
    expect.stringMatching(/^Disk: [\d.]+ .B of workspaces.* \(the run goes on with them; when/m),
  ]);
  expect((await project.cli(['decide', '002', 'sign-1', '--skip'])).code).toBe(0);
  const branch = await project.git('rev-parse', 'factory/002-more');
  const told = async (...args: string[]) =>
    JSON.parse((await project.cli(['clean', '--json', ...args])).stdout) as Told;

  const before = await told('--dry-run');
  const dir = join(before.scratch, '002-more');
  expect(before.specs).toMatchObject([
    { spec: '002-more', removed: false, kept: expect.stringContaining('not over') },
  ]);
  const stays = await project.cli(['clean']);
  expect(stays.stdout).toMatch(
    /^002-more stays \([\d.]+ .B\): its run is not over.*\nNothing was freed in /,
  );
  expect(existsSync(dir)).toBe(true);

  const ended = await run('002');
  const says = /^Disk: .* \(`implement-factory clean 002-more` frees them\), [\d.]+ .B of journal/m;
  expect([ended.code, ended.stderr]).toEqual([1, expect.stringMatching(says)]);
  expect((await project.cli(['report', '002', '--format', 'md'])).stdout).toMatch(says);
  // A run that ended left nothing at work, and no temporary file.
  expect(await project.processes()).toEqual([]);
  expect(await readdir(join(project.root, 'tmp'))).toEqual([]);
  const kept = ['checkouts', 'harvest.git', 'plain.git', 'products', 'templates'];
  expect((await readdir(dir)).toSorted()).toEqual(kept);
  const dry = await told('--dry-run', '002');
  expect(dry.specs).toMatchObject([{ spec: '002-more', removed: false, kept: null }]);
  expect(dry.specs[0]!.bytes).toBeGreaterThan(1000);
  expect(existsSync(dir)).toBe(true);
  await mkdir(join(before.scratch, '001-signs'));
  const { stdout } = await project.cli(['clean', '002']);
  expect(stdout).toMatch(/^002-more +[\d.]+ .B +removed$/m);
  expect([existsSync(dir), existsSync(join(before.scratch, '001-signs'))]).toEqual([false, true]);
  // The repository and the record of the run are not touched.
  expect(await project.git('rev-parse', 'factory/002-more')).not.toBe('');
  expect(branch).not.toBe('');
  expect((await project.cli(['status', '002'])).stdout).toContain('skipped');
  expect(await told()).toMatchObject({ specs: [{ spec: '001-signs', removed: true }], gone: [] });
  // The folder of a project that was moved is found by where it was, from any other one.
  await mkdir(join(before.scratch, '002-more', 'templates'), { recursive: true });
  const away = `${project.dir}-away`;
  await rename(project.dir, away);
  const moved = { cwd: away };
  const would = JSON.parse(
    (await project.cli(['clean', '--json', '--dry-run'], moved)).stdout,
  ) as Told;
  expect(would.gone).toMatchObject([{ project: project.dir, removed: false }]);
  expect((await project.cli(['clean'], moved)).stdout).toMatch(
    /removed: this project is not there/,
  );
  expect(existsSync(before.scratch)).toBe(false);
});
