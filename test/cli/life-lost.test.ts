import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventOfType } from '../rig/follow.ts';
import { desk, hold, letGo, scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

test('a journal that can no longer be written ends the run with words', async () => {
  await using project = await Project.minimal();
  await hold(project, 'sign-1');
  const running = project.start(['run', '--json', ...desk(project)]);
  await eventOfType(running, 'code.started');
  await rm(join(project.dir, '.factory'), { recursive: true });
  await letGo(project, 'sign-1');
  const { exitCode, stderr } = await running;
  expect([exitCode, stderr]).toEqual([75, expect.stringMatching(/journal.*was deleted/)]);
  expect(await project.processes()).toEqual([]);
  expect((await project.cli(['run', ...desk(project)])).code).toBe(0);
});

test('a run killed between its last tick and its end is brought to it', async () => {
  await using project = await Project.minimal();
  expect((await project.cli(['run', ...scripted(project)])).code).toBe(0);
  const runs = join(project.dir, '.factory', 'runs', '001-signs');
  const journal = join(runs, (await readdir(runs))[0] ?? '', 'journal.ndjson');
  const events = (await readFile(journal, 'utf8')).trimEnd().split('\n');
  expect(events.at(-1)).toContain('run.finished');
  await writeFile(journal, `${events.slice(0, -1).join('\n')}\n`);
  const status = () => project.cli(['status']).then(({ stdout }) => stdout);
  expect(await status()).toContain('go on with');
  expect((await project.cli(['run', ...scripted(project)])).code).toBe(0);
  expect(await status()).toContain('the last run is over: completed');
});

test('agents of a killed run are ended also when the next one begins anew', async () => {
  await using project = await Project.minimal();
  await hold(project, 'sign-1');
  const running = project.start(['run', '--json', ...desk(project)]);
  await eventOfType(running, 'checks.finished');
  running.kill('SIGKILL');
  await running;
  const unit = '.start/specs/001-signs/units/sign-1.md';
  await project.write(unit, `${await project.read(unit)}\nIn capitals, if you like.\n`);
  const args = ['run', '--accept-changes', ...scripted(project)];
  expect((await project.cli(args)).code).toBe(0);
  expect(await project.processes()).toEqual([]);
});
