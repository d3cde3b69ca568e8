import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { desk, deskOf } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const gatesIn = (stdout: string) =>
  Project.events(stdout).flatMap((event) => (event.type === 'gate.finished' ? [event] : []));

const TEST = `import test from 'node:test';
import assert from 'node:assert';
import { readdirSync } from 'node:fs';
test('no rubbish is left', () => assert.ok(!readdirSync('.').includes('rubbish.txt')));
`;

test('what an earlier unit passed and passes no more is the fault of the landing that broke it', async () => {
  await using project = await Project.minimal({ checks: 'authored', units: 2, chain: true });
  await project.prepare('sign-2', 1, { 'posts/1.txt': 'gone\n', 'posts/2.txt': 'right\n' });
  await project.prepare('sign-2', 2, { 'posts/1.txt': 'right\n', 'posts/2.txt': 'right\n' });
  const { code, stdout } = await project.cli(['run', '--json', ...desk(project)]);
  const [first, broken, repaired, end] = gatesIn(stdout);
  expect(first?.blamed).toEqual([]);
  expect(broken?.blamed.map(({ unit }) => unit)).toEqual(['sign-2', 'sign-2']);
  expect(broken?.blamed[0]?.symptom).toBe('behaviour that worked before this change is broken');
  expect(broken?.steps[1]).toMatchObject({
    name: 'regression',
    outcome: 'failed',
    detail: 'sign-1: reads-as-agreed passes no more since the work of sign-2',
  });
  expect([repaired?.steps[1]?.outcome, end?.steps[1]?.outcome]).toEqual(['passed', 'passed']);
  const told = await readFile(join(deskOf(project), 'prompts/sign-2/2.md'), 'utf8');
  expect(told).toContain('behaviour that worked before');
  expect(told).not.toContain('reads-as-agreed');
  expect(code).toBe(0);
});

test('of two landings the one that breaks verify goes out and back; the other is complete', async () => {
  await using project = await Project.minimal({ units: 2, mode: 'parallel' });
  await project.write('.start/factory.yaml', 'verify: node --test tidy.test.mjs\n');
  await project.write('tidy.test.mjs', TEST);
  await project.commit('Tests');
  await project.prepare('sign-1', 1, { 'posts/1.txt': 'right\n', 'rubbish.txt': 'x\n' });
  await project.prepare('sign-1', 2, { 'tidy.test.mjs': TEST.replace('ok(!', 'ok(') });
  const { code, stdout } = await project.cli(['run', '--json', ...desk(project)]);
  const [broken] = gatesIn(stdout);
  expect(broken?.backedOut.map(({ unit }) => unit)).toEqual(['sign-1']);
  expect(broken?.blamed).toEqual([
    { unit: 'sign-1', symptom: "the project's own checks failed with exit code 1" },
  ]);
  const ticks = Project.events(stdout).flatMap((event) =>
    event.type === 'manifest.edited' ? event.tick : [],
  );
  expect(ticks).toEqual(['sign-2', 'sign-1']);
  // Its work was in its next workspace, so that the little it changed there was enough.
  expect(await project.git('show', 'factory/001-signs:posts/1.txt')).toBe('right');
  expect(code).toBe(0);
});

test('skipped work that breaks what is complete is taken out', async () => {
  await using project = await Project.minimal({ units: 2, mode: 'parallel', maxIterations: 1 });
  await project.write(
    '.start/factory.yaml',
    'verify: node --test tidy.test.mjs\non_escalate: skip\n',
  );
  await project.write('tidy.test.mjs', TEST);
  await project.commit('Tests');
  await project.prepare('sign-1', 1, { 'posts/1.txt': 'wrong\n', 'rubbish.txt': 'x\n' });
  const { code, stdout, stderr } = await project.cli(['run', '--json', ...desk(project)]);
  expect(gatesIn(stdout)[0]).toMatchObject({
    backedOut: [{ unit: 'sign-1' }],
    blamed: [],
    proven: true,
  });
  const files = await project.git('ls-tree', '-r', '--name-only', 'factory/001-signs');
  expect(files).toContain('posts/2.txt');
  expect(files).not.toContain('rubbish.txt');
  expect(stderr).toContain('sign-1: its work was taken out of the run branch again');
  expect(code).toBe(1);
});

test('what an earlier run completed must hold in the next one', async () => {
  await using project = await Project.minimal({ units: 2, chain: true, maxIterations: 1 });
  await project.prepare('sign-2', 1, { 'posts/2.txt': 'wrong\n' });
  const first = await project.cli(['run', '--on-escalate', 'skip', ...desk(project)]);
  expect(first.code).toBe(1);
  await project.prepare('sign-2', 1, { 'posts/1.txt': 'gone\n', 'posts/2.txt': 'right\n' });
  const second = await project.cli(['run', '--json', '--on-escalate', 'skip', ...desk(project)]);
  const [broken] = gatesIn(second.stdout);
  expect(broken?.steps[1]?.detail).toBe(
    'sign-1: reads-as-agreed passes no more since the work of sign-2',
  );
  expect(broken?.blamed[0]?.unit).toBe('sign-2');
  expect(second.stderr).toContain('after 1 of 1 iterations (last: 100 %, sent back by the gate)');
  // Nobody wrote its check again.
  const compiled = Project.events(second.stdout).flatMap((event) =>
    event.type === 'checks.finished' ? [event.unit] : [],
  );
  expect(compiled).toEqual(['sign-2']);
  expect(second.code).toBe(1);
});

test('what a person broke between two runs is told, and stops nobody', async () => {
  await using project = await Project.minimal({ units: 2, chain: true, maxIterations: 1 });
  await project.prepare('sign-2', 1, { 'posts/2.txt': 'wrong\n' });
  await project.cli(['run', '--on-escalate', 'skip', ...desk(project)]);
  await project.git('worktree', 'add', '-q', '../mine', 'factory/001-signs');
  await project.write('../mine/posts/1.txt', 'mine\n');
  await project.git('-C', '../mine', 'commit', '-qam', 'Mine');
  await project.git('worktree', 'remove', '../mine');
  await project.prepare('sign-2', 1, { 'posts/2.txt': 'right\n' });
  const { code, stdout, stderr } = await project.cli(['run', '--json', ...desk(project)]);
  expect(gatesIn(stdout)[0]?.steps[1]).toMatchObject({
    outcome: 'passed',
    notes: ['sign-1: reads-as-agreed fails, and did when this run began'],
  });
  expect(stderr).toContain('sign-1: reads-as-agreed fails, and did when this run began');
  expect(code).toBe(0);
});

test('a service is replayed on instances of its own; skipped work that broke it goes out at the end', async () => {
  const service = 'service:\n  start: node lib/serve.mjs';
  await using project = await Project.minimal({
    checks: 'authored',
    units: 2,
    chain: true,
    maxIterations: 1,
    service,
  });
  await project.prepare('sign-2', 1, { 'posts/1.txt': 'gone\n', 'posts/2.txt': 'right\n' });
  const { code, stdout } = await project.cli([
    'run',
    '--json',
    '--on-escalate',
    'skip',
    ...desk(project),
  ]);
  const [, broken, end] = gatesIn(stdout);
  expect(broken?.blamed.map(({ unit, symptom }) => `${unit}: ${symptom}`)).toEqual([
    'sign-2: behaviour that worked before this change is broken',
    // Its own unit spec knows of no such route.
    'sign-2: a request: returned status 200 with a body that is not as described',
  ]);
  expect(end).toMatchObject({ group: null, backedOut: [{ unit: 'sign-2' }], through: true });
  expect(await project.git('show', 'factory/001-signs:posts/1.txt')).toBe('right');
  expect(await project.processes()).toEqual([]);
  expect(code).toBe(1);
});

const SEALED = '.start/specs/001-signs/scenarios/sign-1/stays.md';

test('a sealed scenario is measured at the end, beside the others, and told to nobody before', async () => {
  await using project = await Project.minimal({ checks: 'authored' });
  await project.write(SEALED, '---\nsealed: true\n---\n# It stays\n\nThe board says sealed.\n');
  await project.write(
    '../scripted/sign-1/checks/stays.mjs',
    `export default async function check(kit) {
  kit.assert.equal((await kit.run(['cat', 'posts/1.txt'])).stdout, 'sealed\\n');
}
`,
  );
  await project.commit('Sealed');
  const { code, stdout, stderr } = await project.cli(['run', '--json', ...desk(project)]);
  const events = Project.events(stdout);
  const measured = events.flatMap((event) =>
    event.type === 'evaluation.finished' ? event.scenarios.map(({ name }) => name) : [],
  );
  expect(measured).toEqual(['reads-as-agreed']);
  const last = events.findLast(({ type }) => type === 'sealed.finished');
  expect(last).toMatchObject({
    units: [{ unit: 'sign-1', scenarios: [{ name: 'stays', outcome: 'failed' }] }],
  });
  expect(stderr).toMatch(/sign-1: sealed 0% .*holdout 100%/);
  const prompt = await readFile(join(deskOf(project), 'prompts/sign-1/1.md'), 'utf8');
  expect(prompt).not.toMatch(/sealed|It stays/);
  const status = await project.cli(['status', '001', '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({
    units: [
      {
        satisfaction: 1,
        sealed: 0,
        scenarios: [
          { name: 'reads-as-agreed', outcome: 'passed', priority: 'P1', sealed: false },
          { name: 'stays', outcome: 'failed', priority: 'P1', sealed: true },
        ],
      },
    ],
  });
  expect(code).toBe(0);
});

const MUST = '.start/specs/001-signs/scenarios/sign-1/must.md';

test('a failed P0 is outvoted only where a person says so', async () => {
  await using project = await Project.minimal({ checks: 'authored', maxIterations: 1 });
  const manifest = '.start/specs/001-signs/manifest.md';
  await project.write(
    manifest,
    (await project.read(manifest)).replace('threshold: 1', 'threshold: 0.5'),
  );
  await project.write(MUST, '# It must (P0)\n\nThe board says must.\n');
  await project.write(
    '../scripted/sign-1/checks/must.mjs',
    `export default async function check(kit) {
  kit.assert.equal((await kit.run(['cat', 'posts/1.txt'])).stdout, 'must\\n');
}
`,
  );
  await project.commit('Must');
  const strict = await project.cli(['run', ...desk(project)]);
  expect([strict.code, strict.stderr]).toEqual([3, expect.stringContaining('failed: must (P0)')]);
  expect((await project.cli(['status', '001'])).stdout).toContain('P0 failed');
  expect((await project.cli(['decide', '001', 'sign-1', '--abort'])).code).toBe(0);
  expect((await project.cli(['run', ...desk(project)])).code).toBe(1);
  const lax = await project.cli(['run', '--no-require-p0', ...desk(project)]);
  expect(lax.code).toBe(0);
});
