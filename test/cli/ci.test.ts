import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const github = (project: Project) => ({
  GITHUB_ACTIONS: 'true',
  GITHUB_WORKSPACE: project.dir,
  GITHUB_STEP_SUMMARY: join(project.root, 'summary.md'),
});

test('run --all runs every spec, tells how each ended, and exits with the worst; CI gets annotations and a summary', async () => {
  await using project = await Project.minimal({ wrong: { 1: 9 }, maxIterations: 1, git: false });
  await project.layOut({ spec: '002-more', wrong: { 1: 9 }, maxIterations: 1 });
  await project.write('.start/specs/003-broken/manifest.md', '---\ntitle: Broken\n---\n');
  await project.commit();
  const env = github(project);
  const ended = await project.cli(
    ['run', '--all', '--json', '--on-escalate', 'skip', ...scripted(project)],
    { env },
  );
  expect(ended.code).toBe(2);
  const table = ended.stderr.slice(ended.stderr.lastIndexOf('spec  '));
  expect(table).toMatch(/001-signs +failed +1\n002-more +failed +1\n003-broken +invalid input +2$/);
  const runs = new Set(Project.events(ended.stdout).map(({ run }) => run));
  expect(runs.size).toBe(2);

  const commands = ended.stderr.split('\n').filter((line) => line.startsWith('::'));
  const manifest = await project.read('.start/specs/001-signs/manifest.md');
  const line = manifest.split('\n').findIndex((each) => each.includes('sign-1:')) + 1;
  expect(commands).toContainEqual(
    expect.stringMatching(
      new RegExp(
        `^::warning file=\\.start/specs/001-signs/manifest\\.md,line=${line},col=\\d+,title=sign-1%3A skipped::satisfaction 0%25 of 100%25%0Afailed`,
      ),
    ),
  );
  expect(commands).toContainEqual(
    expect.stringMatching(/^::error file=\.start\/specs\/003-broken\/manifest\.md,line=\d+,/),
  );
  const summary = await readFile(env.GITHUB_STEP_SUMMARY, 'utf8');
  expect(summary).toMatch(/^# 001-signs: failed[^]*^# 002-more: /m);
});

test('outside of GitHub nothing is said to it, and --all wants no spec beside it', async () => {
  await using project = await Project.minimal();
  const both = await project.cli(['run', '001', '--all']);
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('--all')]);
  await project.write('.start/specs/001-signs/manifest.md', '---\n---\n');
  const invalid = await project.cli(['validate']);
  expect(invalid.code).toBe(2);
  expect(invalid.stderr).not.toContain('::');
});
