import { expect, test } from 'vitest';
import { desk } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const BRANCH = 'factory/001-signs';
const run = (project: Project) => project.cli(['run', '001', ...desk(project)]);

test('after a merge the next run builds on what is there now', async () => {
  await using project = await Project.minimal();
  expect((await run(project)).code).toBe(0);
  expect((await project.cli(['finish', '001', '--merge'])).code).toBe(0);
  // Life goes on: other work, and one more unit for the same spec.
  await project.layOut({ units: 2 });
  const manifest = '.start/specs/001-signs/manifest.md';
  const text = await project.read(manifest);
  await project.write(manifest, text.replace('[ ] sign-1', '[x] sign-1'));
  await project.write('README.md', '# Signs, second edition\n');
  await project.commit('Second edition');
  const again = await run(project);
  expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('2 of 2 units')]);
  expect(await project.git('show', `${BRANCH}:README.md`)).toBe('# Signs, second edition');
  expect(await project.git('show', `${BRANCH}:posts/2.txt`)).toBe('right');
  expect(await project.git('merge-base', 'main', BRANCH)).toBe(
    await project.git('rev-parse', 'main'),
  );
});

test('after a squash merge, which leaves the commits of the run branch outside, as well', async () => {
  await using project = await Project.minimal();
  expect((await run(project)).code).toBe(0);
  await project.git('checkout', '--quiet', '--', '.start');
  await project.git('merge', '--quiet', '--squash', BRANCH);
  await project.commit('Signs, squashed');
  const manifest = '.start/specs/001-signs/manifest.md';
  await project.layOut({ units: 2 });
  const text = await project.read(manifest);
  await project.write(manifest, text.replace('[ ] sign-1', '[x] sign-1'));
  await project.commit('Second edition');
  const again = await run(project);
  expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('part of HEAD already')]);
  expect(await project.git('merge-base', 'main', BRANCH)).toBe(
    await project.git('rev-parse', 'main'),
  );
});

test('several open specs: one must be named', async () => {
  await using project = await Project.minimal();
  await project.layOut({ spec: '002-more-signs' });
  await project.commit('More');
  const unnamed = await project.cli(['run', ...desk(project)]);
  expect([unnamed.code, unnamed.stderr]).toEqual([
    2,
    expect.stringMatching(/001-signs[^]*002-more-signs/),
  ]);
});
