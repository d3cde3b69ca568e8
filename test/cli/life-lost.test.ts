import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { eventOfType } from '../rig/follow.ts';
import { desk, hold, letGo, scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';
import { behindWall } from '../rig/sandbox.ts';

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

test('a run killed between its last tick and its end, its last line torn, is brought to it in a copied folder', async () => {
  await using project = await Project.minimal();
  expect((await project.cli(['run', ...scripted(project)])).code).toBe(0);
  const runs = join(project.dir, '.factory', 'runs', '001-signs');
  const journal = join(runs, (await readdir(runs))[0] ?? '', 'journal.ndjson');
  const events = (await readFile(journal, 'utf8')).trimEnd().split('\n');
  expect(events.at(-1)).toContain('run.finished');
  await writeFile(journal, `${events.slice(0, -1).join('\n')}\n${events.at(-1)?.slice(0, 40)}`);
  const cwd = join(project.root, 'a copy');
  await rename(project.dir, cwd);
  const status = () => project.cli(['status'], { cwd }).then(({ stdout }) => stdout);
  expect(await status()).toContain('go on with');
  const resumed = await project.cli(['run', ...scripted(project)], { cwd });
  expect([resumed.code, resumed.stderr]).toEqual([
    0,
    expect.stringContaining('cut short by a crash'),
  ]);
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

behindWall('killed in the midst of a hunt for leaks', () => {
  test('a run leaves nothing of what it had laid out, once the next one has begun', async () => {
    await using project = (await Project.minimal()).shutIn();
    const lures = async () =>
      (await project.processes()).filter((line) => line.includes('fcanary'));
    const running = project.start(['run', '--json', ...scripted(project)]);
    await eventOfType(running, 'audit.started');
    // Looked at while it stands still: a hunt may be over before the look is.
    const hunting = async () => {
      running.kill('SIGSTOP');
      if ((await lures()).length > 0) return true;
      running.kill('SIGCONT');
      return false;
    };
    await vi.waitUntil(hunting, { timeout: 90_000, interval: 15 });
    running.kill('SIGKILL');
    await running;
    // Somebody has to come by: neither a socket nor a process that is no agent's ends by itself.
    expect(await lures()).toHaveLength(1);
    const temporary = join(project.root, 'tmp');
    expect((await readdir(temporary)).filter((name) => name.startsWith('factory-'))).toHaveLength(
      2,
    );
    expect((await project.cli(['run', ...scripted(project)])).code).toBe(0);
    expect(await project.processes()).toEqual([]);
    expect(await readdir(temporary)).toEqual([]);
    const left = (await readdir(join(project.root, 'cache'), { recursive: true })).filter((path) =>
      /(lures|sockets|hunt)$/.test(path),
    );
    expect(left).toEqual([]);
  });
});
