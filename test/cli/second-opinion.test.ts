import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const SCENARIO = 'reads-as-agreed';

const wants = (word: string): string => `export default async function check(kit) {
  const { stdout } = await kit.run(['cat', 'posts/1.txt']);
  kit.assert.equal(stdout, '${word}\\n');
}
`;

/** What the prepared authors answer: the first one, and whoever is asked for a second opinion. */
async function authors(
  { root }: Project,
  texts: { readonly first: string; readonly second: string },
): Promise<void> {
  for (const [folder, text] of [
    ['checks', texts.first],
    ['second', texts.second],
  ] as const) {
    const dir = join(root, 'scripted', 'sign-1', folder);
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, `${SCENARIO}.mjs`), text);
  }
}

/** Calls of evaluation agents: by what their transcripts are called. */
async function calls(project: Project): Promise<{ checks: number; opinion: number }> {
  const [run = ''] = await readdir(join(project.dir, '.factory', 'runs', '001-signs'));
  const dir = join(project.dir, '.factory', 'runs', '001-signs', run, 'transcripts', 'sign-1');
  const names = await readdir(dir);
  const count = (kind: string) => names.filter((name) => name.startsWith(`${kind}-`)).length;
  return { checks: count('checks'), opinion: count('opinion') };
}

const run = (project: Project) => project.cli(['run', ...scripted(project)]);

test('the second iteration of a unit makes no evaluation call', async () => {
  await using project = await Project.minimal({ checks: 'authored', wrong: { 1: 1 } });
  expect((await run(project)).code).toBe(0);
  expect(await calls(project)).toEqual({ checks: 1, opinion: 0 });
});

test('two checks that fail mean a wrong product: it goes round again, and nobody is asked twice', async () => {
  await using project = await Project.minimal({
    checks: 'authored',
    wrong: { 1: 3 },
    maxIterations: 4,
  });
  await project.write('.start/factory.yaml', 'patience: 3\n');
  await project.commit('Patience');
  await authors(project, { first: wants('right'), second: `${wants('right')}// another hand\n` });
  const ended = await run(project);
  expect(ended.stderr).toContain('both checks fail: the product is wrong');
  expect(ended.code).toBe(0);
  expect(await calls(project)).toEqual({ checks: 1, opinion: 1 });
});

test('two checks that disagree are put before a person, and the unit spends no iteration', async () => {
  await using project = await Project.minimal({ checks: 'authored', maxIterations: 5 });
  await authors(project, { first: wants('left'), second: wants('right') });
  const paused = await run(project);
  expect([paused.code, paused.stderr]).toEqual([
    3,
    expect.stringContaining('the checks disagree: the first fails, the second passes'),
  ]);
  const { stdout } = await project.cli(['status', '001', '--json']);
  const { question, units } = JSON.parse(stdout) as {
    question: unknown;
    units: readonly unknown[];
  };
  expect(question).toMatchObject({ subject: 'sign-1', kind: 'inconclusive' });
  expect(units[0]).toMatchObject({
    status: 'escalated',
    iteration: 2,
    scenarios: [{ name: SCENARIO, outcome: 'inconclusive' }],
  });
});

test('a second opinion that may not judge leaves the first verdict as it is', async () => {
  await using project = await Project.minimal({ checks: 'authored', wrong: { 1: 2 } });
  const vacuous = 'export default async (kit) => kit.run(["x"]).catch(() => kit.assert);';
  await authors(project, { first: wants('right'), second: vacuous });
  const ended = await run(project);
  expect(ended.stderr).toContain('there is none, so the first check stands');
  expect(ended.code).toBe(0);
});
