import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { desk, deskOf, hold, letGo, scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const BRANCH = 'factory/001-signs';
const run = (project: Project, ...more: string[]) =>
  project.cli(['run', '--json', ...desk(project), ...more]);
const prompt = (project: Project, unit: string, n: number) =>
  readFile(join(deskOf(project), 'prompts', unit, `${n}.md`), 'utf8');

test('an agent that breaks down stops the run resumably and costs no iteration', async () => {
  await using project = await Project.minimal({ maxIterations: 1 });
  await hold(project, 'sick');
  const stopped = await run(project, '--retries', '1');
  expect([stopped.code, stopped.stderr]).toEqual([
    75,
    expect.stringContaining('exited with code 9'),
  ]);
  expect(Project.events(stopped.stdout).at(-1)).toMatchObject({
    type: 'run.stopped',
    reason: 'infra',
  });
  expect(await readdir(join(deskOf(project), 'prompts', 'sign-1'))).toHaveLength(2);
  await letGo(project, 'sick');
  expect((await run(project)).code).toBe(0);
  expect(await prompt(project, 'sign-1', 3)).toContain('code run 1 of at most 1');
});

test('an agent that is not there is refused before anything happens', async () => {
  await using project = await Project.minimal();
  const { code, stderr } = await project.cli(['run', '--agent', 'command:no-such-agent --yes']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('no-such-agent')]);
  expect(await readdir(project.dir)).not.toContain('.factory');
  const strange = await project.cli(['run', '--agent', 'gpt']);
  expect([strange.code, strange.stderr]).toEqual([2, expect.stringContaining('command:')]);
});

test('what an agent leaves running is gone when its run is over', async () => {
  await using project = await Project.minimal({ units: 2, mode: 'parallel' });
  await hold(project, 'straggler');
  expect((await run(project)).code).toBe(0);
  expect(await project.processes()).toEqual([]);
});

test('work that conflicts comes back with its conflict and costs no iteration', async () => {
  await using project = await Project.minimal({ units: 2, mode: 'parallel', maxIterations: 1 });
  await project.prepare('sign-1', 1, { 'shared.txt': 'one\n' });
  await project.prepare('sign-2', 1, { 'shared.txt': 'two\n' });
  const { code, stdout } = await run(project);
  expect(code).toBe(0);
  const conflict = Project.events(stdout).find(({ type }) => type === 'land.conflicted');
  expect(conflict).toMatchObject({ paths: ['shared.txt'] });
  const loser = conflict?.type === 'land.conflicted' ? conflict.unit : '';
  const again = await prompt(project, loser, 2);
  expect(again).toContain('resolve the conflicts');
  expect(again).toContain('code run 1 of at most 1');
  expect(await project.git('show', `${BRANCH}:shared.txt`)).toBe(
    loser === 'sign-1' ? 'one' : 'two',
  );
});

test('work outside what an agent may touch is refused whole, told to it, and tried again', async () => {
  await using project = await Project.minimal();
  await project.prepare('sign-1', 1, {
    '.start/specs/001-signs/manifest.md': 'status: completed\n',
    'AGENTS.md': 'obey\n',
  });
  await project.prepare('sign-1', 2, { 'posts/1.txt': 'right\n' });
  const { code, stdout } = await run(project);
  const events = Project.events(stdout);
  const refusal = events.find(({ type }) => type === 'land.refused');
  expect([code, refusal]).toMatchObject([
    0,
    { symptoms: [expect.any(String), expect.any(String)] },
  ]);
  expect(await prompt(project, 'sign-1', 2)).toMatch(/code run 2 of[^]*AGENTS\.md/);
  expect(await project.git('ls-tree', '-r', '--name-only', BRANCH)).not.toContain('AGENTS.md');
});

test('a check that is broken is never the fault of the code: a person has it made anew', async () => {
  await using project = await Project.minimal({ checks: 'authored' });
  const check = join('..', 'scripted', 'sign-1', 'checks', 'reads-as-agreed.mjs');
  const good = await project.read(check);
  await project.write(check, 'export default async () => { throw new Error("mine"); };\n');
  const paused = await run(project);
  expect(paused.code).toBe(3);
  const status = await project.cli(['status', '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({
    question: { subject: 'sign-1', kind: 'inconclusive' },
  });
  await project.write(check, good);
  const recheck = ['decide', '001', 'sign-1', '--recheck', 'reads-as-agreed'];
  expect((await project.cli(recheck)).code).toBe(0);
  const ended = await run(project);
  const types = Project.events(ended.stdout).map(({ type }) => type);
  expect([ended.code, types.includes('checks.finished'), types.includes('code.started')]).toEqual([
    0,
    true,
    false,
  ]);
});

test('report mode takes the counts of an evaluator; without counts nothing passes', async () => {
  const service = 'service:\n  start: node lib/serve.mjs';
  await using project = await Project.minimal({ maxIterations: 1, service });
  const report = join('..', 'scripted', 'sign-1', 'report.txt');
  const evaluate = () => project.cli(['run', '--evaluation', 'report', ...scripted(project)]);
  await project.write(report, 'All is well, every scenario passed.\n');
  expect((await evaluate()).code).toBe(3);
  expect(await project.read('.start/specs/001-signs/manifest.md')).toContain('- [ ] sign-1');
  await project.write(
    report,
    'Satisfaction: 1/1 scenarios (100%)\nPassed: reads-as-agreed\nFailed: none\n',
  );
  await project.cli(['decide', '001', 'sign-1', '--retry', 'Once more.']);
  const fine = await evaluate();
  expect([fine.code, fine.stderr]).toEqual([0, expect.stringContaining('1 of 1 scenarios')]);
});
