import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Project } from '../rig/project.ts';

test('doctor tells what works here, as JSON too', async () => {
  await using project = await Project.empty();
  const { code, stdout } = await project.cli(['doctor', '--json']);
  const report = JSON.parse(stdout) as { ok: boolean; findings: { name: string; ok: boolean }[] };
  expect([code, report.ok]).toEqual([0, true]);
  expect(report.findings.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['node', 'git', 'claude', 'ports', 'sandbox']),
  );
  const text = await project.cli(['doctor']);
  for (const { name } of report.findings) expect(text.stdout).toContain(name);

  // No program at all, and no place for the cache.
  const env = { PATH: project.root, XDG_CACHE_HOME: '/dev/null' };
  const bare = await project.cli(['doctor', '--json'], { env });
  expect(bare.code).toBe(2);
  expect(JSON.parse(bare.stdout)).toMatchObject({
    ok: false,
    findings: expect.arrayContaining([
      expect.objectContaining({ name: 'git', ok: false }),
      expect.objectContaining({
        name: 'disk',
        ok: false,
        detail: expect.stringMatching(/ENOTDIR.*XDG_CACHE_HOME/),
      }),
    ]),
  });
});

test('validate reports every fault with its place, and what is no fault with exit 0', async () => {
  await using project = await Project.minimal();
  const fine = await project.cli(['validate', '--json']);
  expect([fine.code, JSON.parse(fine.stdout)]).toMatchObject([0, { ok: true }]);

  const manifest = '.start/specs/001-signs/manifest.md';
  const text = await project.read(manifest);
  await project.write(
    manifest,
    text.replace('threshold: 1', 'threshold: 7').replace('— no dependencies', '— after: nobody'),
  );
  const { code, stdout } = await project.cli(['validate', '001', '--json']);
  const report = JSON.parse(stdout) as { ok: boolean; diagnostics: Record<string, unknown>[] };
  expect([code, report.ok]).toEqual([2, false]);
  expect(report.diagnostics.length).toBeGreaterThanOrEqual(2);
  for (const each of report.diagnostics)
    expect(each).toMatchObject({
      file: expect.stringContaining('manifest.md'),
      line: expect.any(Number),
      column: expect.any(Number),
      rule: expect.stringMatching(/^[a-z-]+$/),
      severity: expect.stringMatching(/^(error|warning|info)$/),
      message: expect.any(String),
      hint: expect.any(String),
    });
  const people = await project.cli(['validate', '001']);
  expect([people.code, people.stdout]).toEqual([2, '']);
  expect(people.stderr).toContain('manifest.md:4');
});

test('demo runs an example for real, says that its agents are scripted, and keeps the result', async () => {
  await using project = (await Project.empty()).shutIn();
  const dir = join(project.root, 'demo here');
  const ended = await project.cli(['demo', '--dir', dir]);
  expect([ended.code, ended.stderr]).toEqual([
    0,
    expect.stringMatching(/scripted[^]*no model is called/),
  ]);
  expect(ended.stderr).toContain(dir);
  expect(ended.stderr).not.toContain('Warning');
  // The one that goes round again: two scenarios fail, their symptoms go back, then all is well.
  expect(ended.stderr).toMatch(/lending-desk: .*2 failed.*retry, iteration 2 of 3/);
  expect(ended.stderr).toContain('001-bookshelf-service: completed');
  expect((await readdir(dir)).toSorted()).toEqual(
    expect.arrayContaining(['.factory', '.start', 'package.json']),
  );
  const taken = await project.cli(['demo', '002', '--dir', dir]);
  expect([taken.code, taken.stderr]).toEqual([2, expect.stringContaining('not empty')]);
  const unknown = await project.cli(['demo', '042']);
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('002-word-tally')]);
  expect(await project.processes()).toEqual([]);
});

test('usage errors exit 2, help and version 0', async () => {
  await using project = await Project.minimal();
  for (const args of [
    ['bake'],
    ['run', '--slots', 'two'],
    ['run', '--git', 'svn'],
    ['decide', '001'],
    ['run', '--bogus'],
  ]) {
    const { code, stdout, stderr } = await project.cli(args);
    expect([args, code, stdout]).toEqual([args, 2, '']);
    expect(stderr).not.toContain('    at ');
  }
  for (const args of [['--help'], ['run', '--help'], ['--version']]) {
    const { code, stdout } = await project.cli(args);
    expect([args, code, stdout.length > 0]).toEqual([args, 0, true]);
  }
});
