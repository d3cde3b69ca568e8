import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RunEvent } from '../../src/domain/index.ts';
import { desk, deskOf } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

const tree = (dir: string) => readdir(dir, { recursive: true }).then((names) => names.toSorted());

test('a dry run prints the plan and leaves no trace', async () => {
  await using project = await Project.example('002');
  const before = [await tree(project.root), await project.git('for-each-ref')];
  const { code, stdout } = await project.cli([
    'run',
    '002',
    '--dry-run',
    '--agent',
    Project.scripted('002'),
  ]);
  expect(code).toBe(0);
  for (const word of ['word-engine', 'plain-reader', 'tally-command', 'factory/002-word-tally'])
    expect(stdout).toContain(word);
  expect([await tree(project.root), await project.git('for-each-ref')]).toEqual(before);
});

test('a run to the end: verdict, branch, checkout, events, and nothing left behind', async () => {
  await using project = await Project.example('002');
  const start = await project.git('rev-parse', 'main');
  const { code, stdout, stderr } = await project.cli([
    'run',
    '002',
    '--json',
    '--agent',
    Project.scripted('002'),
  ]);
  expect([code, stderr]).toEqual([0, expect.stringContaining('002-word-tally: completed')]);

  // Data on stdout, every line of it an event of the published schema.
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => RunEvent.parse(JSON.parse(line)));
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(new Set(events.map(({ run }) => run)).size).toBe(1);
  expect(events.at(-1)).toMatchObject({ type: 'run.finished', status: 'completed' });
  expect(stderr).toContain('tests: 14 passed, 0 failed');

  // The truth is on the run branch; the checkout's manifest shows it, and nothing else there moved.
  const spec = '.start/specs/002-word-tally';
  const manifest = await project.read(`${spec}/manifest.md`);
  expect(manifest).toMatch(/^status: completed$/m);
  expect(manifest.match(/- \[x\] /g)).toHaveLength(3);
  expect(manifest).not.toContain('- [ ] ');
  expect(await project.git('show', `factory/002-word-tally:${spec}/manifest.md`)).toBe(
    manifest.trimEnd(),
  );
  expect(await project.git('status', '--porcelain')).toBe(` M ${spec}/manifest.md`);
  expect(await project.git('rev-parse', 'main')).toBe(start);
  expect(await project.git('symbolic-ref', 'HEAD')).toBe('refs/heads/main');

  // One commit per unit and iteration, with trailers.
  const trailers = await project.git(
    'log',
    '--reverse',
    '--format=%(trailers:key=Factory-Unit,valueonly,separator=%x2C) %(trailers:key=Factory-Iteration,valueonly,separator=%x2C)',
    '--grep=Factory-Unit',
    'main..factory/002-word-tally',
  );
  expect(trailers.split('\n')).toEqual(['word-engine 1', 'plain-reader 1', 'tally-command 1']);

  expect(await project.read('.factory/.gitignore')).toBe('*\n');
  expect(await project.processes()).toEqual([]);
  expect(await readdir(join(project.root, 'tmp'))).toEqual([]);
  expect(await leftovers(project)).toEqual([]);

  // Nothing to do: the same command again says so and changes nothing.
  const again = await project.cli(['run', '002', '--agent', Project.scripted('002')]);
  expect(again.code).toBe(0);
  expect(await project.read(`${spec}/manifest.md`)).toBe(manifest);
});

/** What is made for one agent, attempt or service; templates and the tree named `still` are brought up to date by the next run. */
async function leftovers(project: Project): Promise<string[]> {
  const scratch = join(project.root, 'cache', 'implement-factory');
  const found = await tree(scratch);
  return found.filter((path) =>
    /\/(?:workspaces|homes|authors|attempts\/(?!syntax)|products\/(?!still))./.test(path),
  );
}

test('a retry: symptoms only, and nothing of a scenario in any prompt', async () => {
  await using project = await Project.minimal({
    checks: 'authored',
    units: 2,
    mode: 'parallel',
    wrong: { 2: 1 },
  });
  const { code, stderr } = await project.cli(['run', '--json', ...desk(project)]);
  expect([code, stderr]).toEqual([0, expect.stringContaining('iteration 2 of 3')]);
  const prompts = join(deskOf(project), 'prompts');
  expect(await readdir(join(prompts, 'sign-1'))).toEqual(['1.md']);
  const first = await readFile(join(prompts, 'sign-2', '1.md'), 'utf8');
  const second = await readFile(join(prompts, 'sign-2', '2.md'), 'utf8');
  expect(first).not.toMatch(/symptom/i);
  expect(/observed from outside:\s+- (.*)/.exec(second)?.[1]).toMatch(/exited with code 0/);
  for (const prompt of [first, second]) {
    expect(prompt).toContain('says what was agreed on in the office');
    for (const secret of [
      'holdout',
      'reads-as-agreed',
      'reads as agreed',
      'right',
      'sign-1',
      'sign-2',
      'posts/1',
    ])
      expect(prompt).not.toContain(secret);
  }
  expect(await project.git('show', 'factory/001-signs:posts/2.txt')).toBe('right');
  const again = await project.cli(['run', '--json', ...desk(project)]);
  expect(again.stderr).toContain('every box is ticked');
  expect(JSON.parse(again.stdout)).toMatchObject({ type: 'run.finished', status: 'completed' });
  expect(await exists(join(project.dir, 'posts'))).toBe(false);
});

test('a service: started once for its group, restarted for a change, gone at the end; --parallel-eval measures beside it', async () => {
  await using project = await Project.minimal({
    checks: 'authored',
    units: 2,
    mode: 'parallel',
    wrong: { 2: 1 },
    service: 'service:\n  start: node lib/serve.mjs',
  });
  const { code, stdout } = await project.cli([
    'run',
    '--json',
    '--parallel-eval',
    ...desk(project),
  ]);
  expect(code).toBe(0);
  const events = Project.events(stdout);
  const measuring = events.flatMap((event): string[] => {
    if (event.type === 'evaluation.finished') return ['end'];
    if (event.type !== 'evaluation.started') return [];
    return [`${event.unit}${event.aside === true ? ' aside' : ''}`];
  });
  expect(measuring).toEqual(['sign-1', 'sign-2 aside', 'end', 'end', 'sign-2', 'end']);
  // Where its attempts were: what fails is confirmed on fresh instances.
  const finished = events.flatMap((event) => (event.type === 'evaluation.finished' ? [event] : []));
  const where = (unit: string) =>
    finished
      .filter((event) => event.unit === unit)
      .map(({ scenarios }) => scenarios.flatMap(({ attempts }) => attempts.map(({ on }) => on)));
  const [group, side] = [Array(3).fill('group'), Array(3).fill('side')];
  expect(where('sign-1')).toEqual([group]);
  expect(where('sign-2')).toEqual([[...side, ...side], group]);
  const symptoms = finished.flatMap((event) => event.symptoms);
  expect(symptoms).toEqual([expect.stringMatching(/^GET \//)]);
  expect(symptoms.join()).not.toContain('right');
  const starts = events.flatMap((event) =>
    event.type === 'service.started' ? [event.action] : [],
  );
  expect(starts[0]).toBe('start');
  expect(starts.filter((action) => action === 'start')).toHaveLength(1);
  expect(await project.processes()).toEqual([]);
});
