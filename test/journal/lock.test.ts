import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lockHolder, lockSpec } from '../../src/journal/index.ts';
import { child } from './child.ts';
import { owner, problem, tempDir, value } from './rig.ts';

const spec = '001-locks';

const takeLock = `
  const [project] = process.argv.slice(1);
  const owner = { pid: process.pid, host: 'here', started: 'then', command: 'run' };
  const got = await journal.lockSpec(project, '${spec}', owner);
  console.log(got.ok ? 'held' : got.error.what);
  setInterval(() => {}, 1000);`;

describe('the lock of a spec', () => {
  it('turns a second run away and says who holds it', async () => {
    const project = tempDir();
    const holder = child(takeLock, project);
    expect(await holder.line()).toBe('held');
    const refused = problem(await lockSpec(project, spec, owner(process.pid)));
    expect(refused.what).toBe(
      `Another run is at work on this spec: process ${String(holder.pid)} on here, started then (run).`,
    );
    expect(refused.remedy).toContain(`kill ${String(holder.pid)}`);
    expect(value(await lockHolder(project, spec))?.pid).toBe(holder.pid);
    const other = value(await lockSpec(project, '002-other', owner(process.pid)));
    other.release();
  });

  it('is free the moment its owner was killed', async () => {
    const project = tempDir();
    const holder = child(takeLock, project);
    expect(await holder.line()).toBe('held');
    await holder.kill();
    expect(value(await lockHolder(project, spec))).toBeNull();
    const lock = value(await lockSpec(project, spec, owner(process.pid)));
    expect(value(await lockHolder(project, spec))).toEqual(owner(process.pid));
    lock.release();
    lock.release();
    expect(value(await lockHolder(project, spec))).toBeNull();
  });

  it('is not kept by children that outlive a killed owner', async () => {
    const project = tempDir();
    const holder = child(
      `import { spawn } from 'node:child_process';${takeLock}
       const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
       console.log(orphan.pid);`,
      project,
    );
    expect(await holder.line()).toBe('held');
    const orphan = Number(await holder.line());
    onTestFinished(() => void process.kill(orphan, 'SIGKILL'));
    await holder.kill();
    expect(process.kill(orphan, 0)).toBe(true);
    value(await lockSpec(project, spec, owner(process.pid))).release();
  });

  it('goes to exactly one of several that race for what a killed owner left', async () => {
    const project = tempDir();
    const holder = child(takeLock, project);
    await holder.line();
    const race = `await new Promise((go) => process.stdin.once('data', go));${takeLock}`;
    const racers = [1, 2, 3, 4].map(() => child(race, project));
    await holder.kill();
    for (const racer of racers) racer.stdin.write('go\n');
    const answers = await Promise.all(racers.map((racer) => racer.line()));
    expect(answers.filter((answer) => answer === 'held')).toHaveLength(1);
    expect(answers.filter((answer) => answer.startsWith('Another run is at work'))).toHaveLength(3);
  });

  it.each([
    [
      'a process id that somebody else has now',
      { ...owner(process.pid), started: '2020-01-01T00:00:00.000Z' },
    ],
    ['another host', { ...owner(1), host: `not-${hostname()}` }],
  ])('is not held by a note of %s', async (_, stale) => {
    const project = tempDir();
    mkdirSync(join(project, '.factory', 'locks'), { recursive: true });
    writeFileSync(join(project, '.factory', 'locks', `${spec}.lock`), '');
    writeFileSync(join(project, '.factory', 'locks', `${spec}.json`), JSON.stringify(stale));
    expect(value(await lockHolder(project, spec))).toBeNull();
    value(await lockSpec(project, spec, owner(process.pid))).release();
  });

  it('is held even when its note is garbage', async () => {
    const project = tempDir();
    const lock = value(await lockSpec(project, spec, owner(process.pid)));
    writeFileSync(join(project, '.factory', 'locks', `${spec}.json`), '{');
    expect(problem(await lockSpec(project, spec, owner(process.pid))).what).toContain('on unknown');
    lock.release();
  });

  it('asks without leaving a trace', async () => {
    const project = tempDir();
    expect(value(await lockHolder(project, spec))).toBeNull();
    expect(() => readFileSync(join(project, '.factory', '.gitignore'))).toThrow('ENOENT');
  });
});
