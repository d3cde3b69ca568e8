import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { desk, deskOf, hold } from '../rig/minimal.ts';
import { until } from '../rig/patience.ts';
import { Project } from '../rig/project.ts';

const BRANCH = 'factory/001-signs';

/** Fails on rubbish. With the first sign gone and the second there, that is after a back-out, it waits to be let go. */
const verifyIn = (folder: string): string => `[ -e rubbish.txt ] && exit 1
while [ -e posts/2.txt ] && [ ! -e posts/1.txt ] && [ -e '${folder}/hold/verify' ]; do sleep 0.1; done
exit 0
`;

/** Commits of the run branch that take work out of it. */
const backOuts = async (project: Project): Promise<string[]> => {
  const log = await project.git('log', '--format=%H', '--grep=^Factory-Backed-Out', '--all');
  return log.split('\n').filter((line) => line !== '');
};

test('killed in the midst of a gate that took work out, a run takes it out once and sends it back once', async () => {
  await using project = await Project.minimal({ units: 2 });
  await project.write('.start/factory.yaml', 'verify: sh verify.sh\n');
  await project.write('verify.sh', verifyIn(deskOf(project)));
  await project.commit('Tests');
  await project.prepare('sign-1', 1, { 'posts/1.txt': 'right\n', 'rubbish.txt': 'x\n' });
  await project.prepare('sign-1', 2, { 'verify.sh': 'exit 0\n' });
  await hold(project, 'verify');
  const running = project.start(['run', '--json', ...desk(project)]);
  await until(
    { what: 'work taken out', running },
    async () => (await backOuts(project)).length > 0,
  );
  running.kill('SIGKILL');
  const killed = Project.events((await running).stdout);
  expect(killed.at(-1)?.type).toBe('gate.started');
  await rm(join(deskOf(project), 'hold', 'verify'));

  const { code, stdout } = await project.cli(['run', '--json', ...desk(project)]);
  const events = Project.events(stdout);
  const [again] = events.flatMap((event) => (event.type === 'gate.finished' ? [event] : []));
  const commits = await backOuts(project);
  expect(commits).toHaveLength(1);
  expect(again?.backedOut).toMatchObject([{ unit: 'sign-1', commit: commits[0] }]);
  expect(again?.blamed.map(({ unit }) => unit)).toEqual(['sign-1']);
  const runs = events.flatMap((event) => (event.type === 'code.started' ? [event] : []));
  expect(runs.map(({ unit, iteration }) => `${unit} ${iteration}`)).toEqual(['sign-1 2']);
  expect(await project.git('show', `${BRANCH}:posts/1.txt`)).toBe('right');
  expect(code).toBe(0);
  expect(await project.processes()).toEqual([]);
});
