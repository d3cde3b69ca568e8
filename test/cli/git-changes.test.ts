import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventOfType } from '../rig/follow.ts';
import { desk, deskOf, hold, letGo } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const SPEC = '.start/specs/001-signs';
const MANIFEST = `${SPEC}/manifest.md`;
const BRANCH = 'factory/001-signs';
const run = (project: Project, ...more: string[]) =>
  project.cli(['run', '001', ...desk(project), ...more]);

const edit = async (project: Project, path: string, change: (text: string) => string) =>
  project.write(path, change(await project.read(path)));

/** Two units in a chain, of which the first is done and the second waits for a person. */
async function half(): Promise<Project> {
  const project = await Project.minimal({
    units: 2,
    chain: true,
    maxIterations: 1,
    wrong: { 2: 1 },
  });
  expect((await run(project)).code).toBe(3);
  return project;
}

const coded = (project: Project) =>
  readdir(join(deskOf(project), 'prompts')).then(async (units) =>
    Promise.all(
      units.toSorted().map(async (unit) => {
        const prompts = await readdir(join(deskOf(project), 'prompts', unit));
        return `${unit} ${prompts.length}`;
      }),
    ),
  );

test('a spec that changed since its run began is refused by name; boxes and status are no change', async () => {
  await using project = await half();
  const scenario = `${SPEC}/scenarios/sign-2/reads-as-agreed.md`;
  const manifest = await project.read(MANIFEST);
  await edit(project, scenario, (text) => `${text}\nAnd loudly.\n`);
  const changed = await run(project);
  expect([changed.code, changed.stderr]).toEqual([
    2,
    expect.stringContaining('scenarios/sign-2/reads-as-agreed.md'),
  ]);
  expect(changed.stderr).toContain('--accept-changes');
  await project.git('checkout', '--', scenario);

  await edit(project, MANIFEST, (text) => text.replace('threshold: 1', 'threshold: 0.5'));
  const other = await run(project);
  expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('manifest.md')]);

  // Boxes ticked by hand and a status set by hand are no change: the run waits as it did.
  await project.write(
    MANIFEST,
    manifest.replaceAll('[ ]', '[x]').replace('in_progress', 'pending'),
  );
  expect((await run(project)).code).toBe(3);
  await project.write(MANIFEST, manifest);

  await edit(project, scenario, (text) => `${text}\nAnd loudly.\n`);
  await project.prepare('sign-2', 1, { 'posts/2.txt': 'right\n' });
  expect((await run(project, '--accept-changes')).code).toBe(0);
  expect(await coded(project)).toEqual(['sign-1 1', 'sign-2 2']);
  expect(await project.git('show', `${BRANCH}:${scenario}`)).toContain('And loudly.');
});

test('a fresh clone takes up the run branch: only open units are coded', async () => {
  await using project = await half();
  await project.git('config', 'receive.denyCurrentBranch', 'ignore');
  for (const checkedOut of [BRANCH, 'main']) {
    await using clone = await Project.cloneOf(project, checkedOut);
    await clone.prepare('sign-1', 1, { 'posts/1.txt': 'coded again\n' });
    await clone.prepare('sign-2', 1, { 'posts/2.txt': 'right\n' });
    const ended = await run(clone);
    expect([checkedOut, ended.code, ended.stderr]).toEqual([checkedOut, 0, expect.anything()]);
    expect(await coded(clone)).toEqual(['sign-2 1']);
    expect(await clone.read(MANIFEST)).toMatch(/^status: completed$/m);
    expect(await clone.git('show', `${BRANCH}:posts/1.txt`)).toBe('right');
    expect(await clone.git('show', `${BRANCH}:posts/2.txt`)).toBe('right');
    expect(await clone.git('merge-base', BRANCH, `origin/${BRANCH}`)).toBe(
      await clone.git('rev-parse', `origin/${BRANCH}`),
    );
  }
});

test('a run branch that lost the work of its run is refused, and left as it is', async () => {
  await using project = await half();
  const tip = await project.git('rev-parse', BRANCH);
  await project.git('branch', '-D', BRANCH);
  await project.prepare('sign-2', 1, { 'posts/2.txt': 'right\n' });
  await project.cli(['decide', '001', 'sign-2', '--retry', 'Once more.']);
  const refused = await run(project);
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringContaining(`git branch -f ${BRANCH} ${tip.slice(0, 10)}`),
  ]);
  expect(await project.git('branch', '--list', BRANCH)).toBe('');
  await project.git('branch', '-f', BRANCH, tip);
  expect((await run(project)).code).toBe(0);
  expect(await project.git('show', `${BRANCH}:posts/1.txt`)).toBe('right');
});

test("a person's edit of the manifest during the run survives, and the tick is there", async () => {
  await using project = await Project.minimal();
  await hold(project, 'sign-1');
  const running = project.start(['run', '--json', ...desk(project)]);
  await eventOfType(running, 'code.started');
  await edit(project, MANIFEST, (text) => text.replace('Prose of a person.', 'Better prose.'));
  await letGo(project, 'sign-1');
  expect((await running).exitCode).toBe(0);
  const manifest = await project.read(MANIFEST);
  expect(manifest).toContain('Better prose.');
  expect(manifest).toContain('- [x] sign-1');
  expect(manifest).toMatch(/^status: completed$/m);
});

test('a manifest that is taken away during the run stops it resumably, nothing lost', async () => {
  await using project = await Project.minimal();
  await hold(project, 'sign-1');
  const running = project.start(['run', '--json', '--retries', '0', ...desk(project)]);
  await eventOfType(running, 'code.started');
  const text = await project.read(MANIFEST);
  await rm(join(project.dir, MANIFEST));
  await letGo(project, 'sign-1');
  const stopped = await running;
  expect([stopped.exitCode, stopped.stderr]).toEqual([75, expect.stringContaining('manifest.md')]);
  const missing = await run(project);
  expect(missing.code).toBe(2);
  await project.write(MANIFEST, text);
  expect((await run(project)).code).toBe(0);
  expect(await project.read(MANIFEST)).toMatch(/^status: completed$[^]*- \[x\] sign-1/m);
  expect(await coded(project)).toEqual(['sign-1 1']);
});

test('a dirty tree is refused by name, dirt in .start is not', async () => {
  await using project = await Project.minimal();
  await project.write('README.md', '# Mine\n');
  await project.write('notes/new one.txt', 'mine\n');
  const refused = await run(project);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('README.md')]);
  expect(refused.stderr).toContain('notes/');
  expect(await project.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  await project.commit('Mine');
  await edit(project, MANIFEST, (text) => text.replace('Prose of', 'Fresh prose of'));
  expect((await run(project)).code).toBe(0);
  expect(await project.git('show', `${BRANCH}:${MANIFEST}`)).toContain('Fresh prose of');
});
