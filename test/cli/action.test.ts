import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readAction, runAction } from '../rig/github/action.ts';
import { githubParser } from '../rig/github/parser.ts';
import { Store } from '../rig/github/store.ts';
import { scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const INJECTION = '$(touch hacked); `touch hacked`\n"; touch hacked';

test('GitHub’s own parser accepts the action and the workflow of the docs; no script holds an expression', async () => {
  const faults = await githubParser();
  const action = await readFile(join(PACKAGE, 'action.yml'), 'utf8');
  expect(faults('action', action)).toEqual([]);
  expect(faults('action', action.replace('using:', 'usin:'))).not.toEqual([]);
  const docs = await readFile(join(PACKAGE, 'docs/ci.md'), 'utf8');
  const [workflow = ''] = /(?<=```yaml\n)on:[^]*?(?=```)/.exec(docs) ?? [];
  expect(faults('workflow', workflow)).toEqual([]);
  const { inputs, runs } = await readAction(PACKAGE);
  expect(runs.steps.filter(({ run }) => run?.includes('${{'))).toEqual([]);
  const { jobs } = parse(workflow) as {
    jobs: Record<string, { steps: { uses?: string; with?: object }[] }>;
  };
  const used = jobs['factory']?.steps.find(({ uses }) => uses?.includes('implement-factory'));
  const given = Object.keys(used?.with ?? {});
  expect(given).toContain('spec');
  expect(Object.keys(inputs)).toEqual(expect.arrayContaining(given));
});

test('a job runs, reports, pushes and keeps what later jobs go on from: with the cache where it stopped, else from the branch', async () => {
  await using source = await Project.minimal({
    chain: true,
    units: 2,
    maxIterations: 1,
    wrong: { 2: 1 },
  });
  const remote = join(source.root, 'remote.git');
  await source.git('clone', '--quiet', '--bare', '.', remote);
  const store = new Store(join(source.root, 'github'));
  const checkout = () => Project.cloneOf(source, 'main', pathToFileURL(remote).href);
  const job = (project: Project, id: number, inputs: Record<string, string>) =>
    runAction({
      checkout: project,
      action: PACKAGE,
      id,
      store,
      inputs: { spec: '001', flags: ['--json', ...scripted(project)].join('\n'), ...inputs },
    });
  const types = (log: string) =>
    Project.events(
      log
        .split('\n')
        .filter((line) => line.startsWith('{"seq"'))
        .join('\n'),
    ).map((event) => `${event.type} ${'unit' in event ? (event.unit ?? '') : ''}`.trim());

  await using first = await checkout();
  const odd = { cache: 'false', push: 'false', reports: '' };
  const hacked = await job(first, 1, {
    spec: INJECTION,
    decide: INJECTION,
    'on-escalate': INJECTION,
    ...odd,
  });
  expect(hacked.steps).toMatchObject({ Decide: 'failure', Run: 'skipped' });
  const flag = await job(first, 2, { spec: '--all', ...odd });
  expect(flag.outputs).toEqual({ 'exit-code': '2' });
  expect(await first.git('status', '--porcelain')).toBe('');

  const asked = await job(first, 3, {});
  expect([asked.outputs['exit-code'], asked.log]).toEqual(['3', expect.any(String)]);
  expect(asked.steps).toEqual({
    'Install implement-factory': 'success',
    'Run branches of earlier jobs': 'success',
    'What earlier jobs kept': 'nothing',
    Decide: 'skipped',
    Run: 'failure',
    Reports: 'success',
    'Push run branches': 'success',
    'Keep what the run knows': 'implement-factory-001-3-1',
    'Keep the reports': 'implement-factory',
  });
  expect(asked.log).toContain(`npm ci --no-audit --no-fund --prefix ${PACKAGE}`);
  expect(asked.log).toContain('::error file=.start/specs/001-signs/manifest.md,line=');
  expect(asked.summary).toMatch(/^# 001-signs: /);
  const artefact = (name: string) => join(store.artefact('implement-factory'), name);
  expect(await readFile(artefact('001.html'), 'utf8')).toContain('<!DOCTYPE html>');
  expect(await readFile(artefact('001.junit.xml'), 'utf8')).toContain('<testsuite ');
  expect(await source.git('ls-remote', remote)).toContain('refs/heads/factory/001-signs');

  await using bare = await checkout();
  const anew = await job(bare, 4, { cache: 'false', push: 'false', reports: '' });
  expect(anew.outputs).toEqual({ 'exit-code': '3' });
  const begun = types(anew.log);
  expect(begun[0]).toBe('run.started');
  expect(begun).toContain('checks.started sign-2');
  expect(begun).not.toContain('code.started sign-1');

  await using kept = await checkout();
  const decide = ['001', 'sign-2', '--retry', 'look again'].join('\n');
  const resumed = await job(kept, 5, { decide, reports: '' });
  expect(resumed.steps).toMatchObject({ 'What earlier jobs kept': 'implement-factory-001-3-1' });
  expect([resumed.outputs['exit-code'], resumed.log]).toEqual(['0', expect.any(String)]);
  const went = types(resumed.log);
  expect(went).toContain('run.resumed');
  expect(
    went.filter((type) => /^(?:run\.started|checks\.started|code\.started sign-1)/.test(type)),
  ).toEqual([]);
  const landed = await source.git(
    '--git-dir',
    remote,
    'show',
    'factory/001-signs:.start/specs/001-signs/manifest.md',
  );
  expect(landed).toContain('- [x] sign-2');
});
