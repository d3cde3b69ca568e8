import { execa } from 'execa';
import { cp, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const github = (project: Project) => ({
  GITHUB_ACTIONS: 'true',
  GITHUB_WORKSPACE: project.dir,
  GITHUB_STEP_SUMMARY: join(project.root, 'summary.md'),
  GITHUB_OUTPUT: join(project.root, 'output'),
  GITHUB_ACTION_PATH: PACKAGE,
  RUNNER_TEMP: project.root,
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

test('the scripts of the action run, report and push, whatever its inputs hold', async () => {
  await using project = await Project.minimal();
  const remote = join(project.root, 'remote.git');
  await project.git('init', '--quiet', '--bare', remote);
  await project.git('remote', 'add', 'origin', remote);
  const script = (name: string, inputs: Record<string, string>) =>
    execa('bash', [join(PACKAGE, 'scripts', 'action', `${name}.sh`)], {
      cwd: project.dir,
      env: { ...project.env(), ...github(project), ...inputs },
      extendEnv: false,
      reject: false,
    });
  const odd = await script('run', { SPEC: '$(touch hacked); `touch hacked`', FLAGS: '' });
  expect(odd.exitCode).toBe(2);
  expect(await project.git('status', '--porcelain')).toBe('');
  const ran = await script('run', { SPEC: '001', FLAGS: scripted(project).join('\n') });
  expect([ran.exitCode, ran.stderr]).toEqual([0, expect.any(String)]);
  expect(await readFile(github(project).GITHUB_OUTPUT, 'utf8')).toBe('exit-code=2\nexit-code=0\n');
  expect((await script('reports', { SPEC: '' })).exitCode).toBe(0);
  const page = join(project.root, 'implement-factory', '001-signs.html');
  expect(await readFile(page, 'utf8')).toContain('<!DOCTYPE html>');
  expect((await script('push', {})).exitCode).toBe(0);
  expect(await project.git('ls-remote', remote)).toContain('refs/heads/factory/001-signs');
});

test('the action starts scripts that are there, and reads no input as a script', async () => {
  const action = parse(await readFile(join(PACKAGE, 'action.yml'), 'utf8')) as {
    runs: { steps: { run?: string; uses?: string }[] };
  };
  const scripts = action.runs.steps.flatMap(({ run }) => run ?? []);
  expect(scripts.filter((text) => text.includes('${{'))).toEqual([]);
  for (const name of ['run', 'reports', 'push'])
    expect(scripts).toContain(`bash "$GITHUB_ACTION_PATH/scripts/action/${name}.sh"`);
});

test('a later job goes on from the run branch alone, and with a kept .factory/ where the run had come to', async () => {
  await using first = await Project.minimal({
    chain: true,
    units: 2,
    maxIterations: 1,
    wrong: { 2: 1 },
  });
  const advisory = ['--barrier', 'advisory'];
  const asked = await first.cli(['run', ...advisory, ...scripted(first)]);
  expect([asked.code, asked.stderr]).toEqual([3, expect.stringContaining('sign-1: completed')]);
  const types = (stdout: string) =>
    Project.events(stdout).map((event) =>
      `${event.type} ${'unit' in event ? (event.unit ?? '') : ''}`.trim(),
    );

  await using bare = await Project.cloneOf(first, 'main');
  const anew = await bare.cli(['run', '--json', ...advisory, ...scripted(bare)]);
  expect(anew.code).toBe(3);
  const begun = types(anew.stdout);
  expect(begun[0]).toBe('run.started');
  expect(begun).toContain('checks.started sign-2');
  expect(begun).not.toContain('code.started sign-1');

  await using kept = await Project.cloneOf(first, 'main');
  await cp(join(first.dir, '.factory'), join(kept.dir, '.factory'), { recursive: true });
  const { question } = JSON.parse((await kept.cli(['status', '--json'])).stdout) as {
    question: unknown;
  };
  expect(question).toMatchObject({ subject: 'sign-2' });
  expect((await kept.cli(['decide', '001', 'sign-2', '--retry', 'look again'])).code).toBe(0);
  const resumed = await kept.cli(['run', '--json', ...advisory, ...scripted(kept)]);
  expect([resumed.code, resumed.stderr]).toEqual([0, expect.any(String)]);
  const went = types(resumed.stdout);
  expect(went).toContain('run.resumed');
  expect(
    went.filter((type) => /^(?:run\.started|checks\.started|code\.started sign-1)/.test(type)),
  ).toEqual([]);
});
