import { execFileSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventOfType } from '../rig/follow.ts';
import { desk, deskOf, hold, letGo } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const MANIFEST = '.start/specs/001-signs/manifest.md';

/** Passes once a second template is there: the one of what has landed, for the next group. */
const PATIENT = `templates="$PWD/../../../templates"
for i in $(seq 100); do [ "$(ls "$templates" | wc -l)" -ge 2 ] && break; sleep 0.1; done
[ "$(ls "$templates" | wc -l)" -ge 2 ] && [ "$(cat posts/1.txt)" = right ]`;

test('without git each completed group is delivered into the project; the next one is made ready meanwhile', async () => {
  await using project = await Project.minimal({
    units: 2,
    chain: true,
    mode: 'parallel',
    git: false,
  });
  const stub = '.start/specs/001-signs/scenarios/sign-1/e2e-stubs.md';
  await project.write(
    stub,
    (await project.read(stub)).replace(/^\[ .*$/m, () => PATIENT),
  );
  await hold(project, 'sign-2');
  // A declared install: looking for a lock file would make a template too.
  const running = project.start(['run', '--json', '--install', 'true', ...desk(project)]);
  await eventOfType(running, 'group.finished');
  expect(await project.read('posts/1.txt')).toBe('right\n');
  // A person puts a file where the next group's result would go.
  await project.write('posts/2.txt', 'mine\n');
  await letGo(project, 'sign-2');
  const ended = await running;
  expect([ended.exitCode, ended.stderr]).toEqual([0, expect.stringContaining('posts/2.txt')]);
  const types = Project.events(ended.stdout).map((event) =>
    'unit' in event ? `${event.type} ${event.unit}` : event.type,
  );
  expect(types.indexOf('checks.finished sign-2')).toBeLessThan(types.indexOf('group.finished'));
  expect(await project.read('posts/2.txt')).toBe('mine\n');
  expect(await project.read('README.md')).toBe('# Signs\n');
  const manifest = await project.read(MANIFEST);
  expect([manifest.match(/- \[x\] /g)?.length, /^status: completed$/m.test(manifest)]).toEqual([
    2,
    true,
  ]);
  expect((await readdir(project.dir)).toSorted()).toEqual([
    '.factory',
    '.start',
    'README.md',
    'lib',
    'posts',
  ]);

  const finish = async (...flags: string[]) => {
    const { code, stdout, stderr } = await project.cli(['finish', ...flags]);
    return [code, stdout + stderr];
  };
  const next =
    /Next step:\n- .* is in .*\n- implement-factory finish 001-signs --test \| --review$/m;
  expect(ended.stderr).toMatch(next);
  expect((await project.cli(['report'])).stdout).toMatch(next);
  expect(await finish('--merge')).toEqual([2, expect.stringContaining('no run branch')]);
  expect(await finish()).toEqual([2, expect.stringContaining('--test')]);
  expect(await finish('--test')).toEqual([2, expect.stringContaining('verify:')]);
  await project.write('.start/factory.yaml', 'verify: cat posts/1.txt && grep right posts/2.txt\n');
  expect(await finish('--test')).toEqual([1, expect.stringMatching(/^right$[^]*did not pass/m)]);
  await project.write('posts/2.txt', 'right\n');
  expect(await finish('--test')).toEqual([0, expect.stringContaining('The tests passed')]);
  const [code, told] = await finish('--review');
  expect([code, told]).toEqual([0, expect.stringMatching(/^ {2}A posts\/1\.txt$/m)]);
  expect(told).toMatch(/left alone.*posts\/2\.txt/);
  const command = /^ {2}(git --git-dir .*)$/m.exec(String(told))?.[1] ?? '';
  expect(execFileSync('sh', ['-c', command], { cwd: project.dir, encoding: 'utf8' })).toContain(
    '+right',
  );
});

test('--git none leaves the repository alone; killed, it carries on', async () => {
  await using project = await Project.minimal({ units: 2, chain: true });
  const refs = await project.git('for-each-ref');
  await hold(project, 'sign-2');
  const args = ['run', '--json', '--git', 'none', ...desk(project)];
  const running = project.start(args);
  await eventOfType(running, 'group.finished');
  running.kill('SIGKILL');
  await running;
  await letGo(project, 'sign-2');
  expect((await project.cli(args)).code).toBe(0);
  expect(await project.git('for-each-ref')).toBe(refs);
  expect((await project.git('status', '--porcelain')).split('\n').toSorted()).toEqual(
    [` M ${MANIFEST}`, '?? posts/'].toSorted(),
  );
  expect(await project.read('posts/2.txt')).toBe('right\n');
  expect(await readdir(join(deskOf(project), 'prompts', 'sign-1'))).toHaveLength(1);
  expect(await project.processes()).toEqual([]);
});

test('a spec that git ignores is run all the same, and stays out of it', async () => {
  await using project = await Project.minimal({ git: false });
  await project.write('.gitignore', '.start/\n');
  await project.commit();
  const args = ['run', '--json', ...desk(project)];
  const running = project.start(args);
  await eventOfType(running, 'land.finished');
  running.kill('SIGKILL');
  await running;
  expect((await project.cli(args)).code).toBe(0);
  expect(await project.read(MANIFEST)).toMatch(/^status: completed$[^]*- \[x\] sign-1/m);
  expect(
    (await project.git('ls-tree', '-r', '--name-only', 'factory/001-signs')).split('\n'),
  ).toEqual(['.gitignore', 'README.md', 'lib/serve.mjs', 'posts/1.txt']);
  expect(await project.git('status', '--porcelain')).toBe('');
});
