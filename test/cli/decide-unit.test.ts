import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventOfType } from '../rig/follow.ts';
import { desk, deskOf, hold, letGo } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const MANIFEST = '.start/specs/001-signs/manifest.md';

/** Two units in a chain; the first is wrong as often as it may try. */
const stuck = () => Project.minimal({ units: 2, chain: true, maxIterations: 1, wrong: { 1: 1 } });
const run = (project: Project, ...more: string[]) =>
  project.cli(['run', ...desk(project), ...more]);
const decide = (project: Project, ...words: string[]) => project.cli(['decide', '001', ...words]);

interface Status {
  readonly status: string;
  readonly question: { subject: string; kind: string; detail: string } | null;
  readonly units: readonly { id: string; status: string; iteration: number; symptoms: string[] }[];
}

async function statusOf(project: Project): Promise<Status> {
  const { code, stdout } = await project.cli(['status', '001', '--json']);
  expect(code).toBe(0);
  return JSON.parse(stdout) as Status;
}

async function refusesWhatFitsNoQuestion(project: Project): Promise<void> {
  const refusals: [string[], string][] = [
    [['sign-2', '--skip'], 'no question is open'],
    [['sign-9', '--skip'], 'no question is open'],
    [['service', '--skip'], 'no question is open'],
    [['sign-1'], 'No answer was given'],
    [['sign-1', '--skip', '--abort'], 'More than one answer'],
    [['sign-1', '--start', 'node x.js'], '--start answers questions about the service only'],
    [['sign-1', '--start', 'node x.js', '--port', '3000'], 'service only'],
    [['sign-1', '--recheck', 'nothing-like-it'], 'no scenario "nothing-like-it"'],
  ];
  for (const [words, reason] of refusals) {
    const refused = await decide(project, ...words);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(reason)]);
  }
}

/** Nobody is asked again, and everybody is told how to go on. */
async function saysItIsAnswered(project: Project): Promise<void> {
  const answer = 'retry with guidance "Read the office handbook."';
  const goOn = 'go on with: implement-factory run 001-signs';
  expect(await statusOf(project)).toMatchObject({
    question: null,
    answered: [{ subject: 'sign-1', kind: 'exhausted', decision: { kind: 'retry' } }],
  });
  const said = [
    await project.cli(['status', '001']),
    await project.cli(['report', '001', '--format', 'md']),
    await project.cli(['report', '001', '--format', 'html']),
    await project.cli(['wait', '001']),
  ];
  for (const { stdout } of said) {
    expect(stdout.replaceAll('&#x22;', '"')).toContain(`answered: ${answer}`);
    expect(stdout).not.toContain('--skip');
  }
  expect(said.map(({ code }) => code)).toEqual([0, 0, 0, 75]);
  expect(said[0]?.stdout).toContain(`nothing runs: what was asked is answered; ${goOn}`);
  expect(said[3]?.stdout).toContain(`001-signs: answered; ${goOn}`);
}

test('at its last iteration a unit waits for a person; what fits no question is refused with the reason, advice reaches the code agent', async () => {
  await using project = await stuck();
  const never = await decide(project, 'sign-1', '--skip');
  expect([never.code, never.stderr]).toEqual([2, expect.stringContaining('never run')]);
  const paused = await run(project);
  expect([paused.code, paused.stderr]).toEqual([
    3,
    expect.stringContaining('decide 001-signs sign-1'),
  ]);
  const waiting = await statusOf(project);
  expect(waiting.question).toMatchObject({ subject: 'sign-1', kind: 'exhausted' });
  expect(waiting.units[0]).toMatchObject({ id: 'sign-1', status: 'escalated' });
  // Asked again it still waits, and codes nothing meanwhile.
  expect((await run(project)).code).toBe(3);
  expect(await readdir(join(deskOf(project), 'prompts', 'sign-1'))).toEqual(['1.md']);
  await refusesWhatFitsNoQuestion(project);
  expect((await statusOf(project)).question).toMatchObject({ subject: 'sign-1' });

  const hasty = await decide(project, 'sign-1', '--abort');
  expect([hasty.code, hasty.stderr]).toEqual([0, expect.stringContaining('run 001-signs')]);
  const decided = await decide(project, 'sign-1', '--retry', 'Read the office handbook.');
  expect([decided.code, decided.stderr]).toEqual([0, expect.stringContaining('instead of: abort')]);
  await saysItIsAnswered(project);
  expect((await run(project)).code).toBe(0);
  const prompt = await readFile(join(deskOf(project), 'prompts', 'sign-1', '2.md'), 'utf8');
  expect(prompt).toContain('Read the office handbook.');
  expect(prompt).toContain('This is code run 1 of at most 1');
  expect(await project.read(MANIFEST)).toContain('- [x] sign-1');
});

test('a skipped unit leaves its box open; what comes after it goes on, with a warning', async () => {
  await using project = await stuck();
  expect((await run(project)).code).toBe(3);
  expect((await decide(project, 'sign-1', '--skip')).code).toBe(0);
  const ended = await run(project);
  expect([ended.code, ended.stderr]).toEqual([
    1,
    expect.stringContaining('sign-2 will be built without sign-1'),
  ]);
  const manifest = await project.read(MANIFEST);
  expect(manifest).toMatch(/^status: failed$/m);
  expect(manifest).toContain('- [ ] sign-1');
  expect(manifest).toContain('- [x] sign-2');
  expect(await project.git('show', 'factory/001-signs:posts/1.txt')).toBe('wrong');
});

test('abort ends the run as failed; the next run takes the open units anew', async () => {
  await using project = await stuck();
  expect((await run(project)).code).toBe(3);
  expect((await decide(project, 'sign-1', '--abort')).code).toBe(0);
  expect((await run(project)).code).toBe(1);
  expect(await project.read(MANIFEST)).toMatch(/^status: failed$/m);
  expect(await statusOf(project)).toMatchObject({ status: 'failed', question: null });

  const late = await decide(project, 'sign-1', '--skip');
  expect([late.code, late.stderr]).toEqual([2, expect.stringContaining('no question is open')]);

  // The agent has learnt something in between.
  await project.prepare('sign-1', 1, { 'posts/1.txt': 'right\n' });
  const again = await run(project);
  expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('iteration 1 of 1')]);
  expect(await project.git('show', 'factory/001-signs:posts/1.txt')).toBe('right');
  expect(await project.read(MANIFEST)).toMatch(/^status: completed$/m);
});

test('--on-escalate answers by itself', async () => {
  await using skipping = await stuck();
  expect((await run(skipping, '--on-escalate', 'skip')).code).toBe(1);
  expect(await skipping.read(MANIFEST)).toContain('- [x] sign-2');
  await using aborting = await stuck();
  expect((await run(aborting, '--on-escalate', 'abort')).code).toBe(1);
  expect(await aborting.read(MANIFEST)).toMatch(/^status: failed$/m);
  expect(await aborting.read(MANIFEST)).toContain('- [ ] sign-2');
});

test('a decision is taken by the run that goes on', async () => {
  await using project = await Project.minimal({
    units: 2,
    mode: 'parallel',
    maxIterations: 1,
    wrong: { 1: 1, 2: 1 },
  });
  expect((await run(project)).code).toBe(3);
  expect((await decide(project, 'sign-2', '--retry', 'Look again.')).code).toBe(0);
  await hold(project, 'sign-2');
  const running = project.start(['run', '--json', ...desk(project)]);
  await eventOfType(running, 'code.started');
  const taken = eventOfType(running, 'decision.made');
  const decided = await decide(project, 'sign-1', '--skip');
  expect([decided.code, decided.stderr]).toEqual([0, expect.stringContaining('takes it now')]);
  expect(await taken).toMatchObject({
    subject: 'sign-1',
    by: 'decide',
    decision: { kind: 'skip' },
  });
  await letGo(project, 'sign-2');
  expect((await running).exitCode).toBe(1);
  const manifest = await project.read(MANIFEST);
  expect([manifest.includes('- [ ] sign-1'), manifest.includes('- [x] sign-2')]).toEqual([
    true,
    true,
  ]);
});

test('an abort stands, also when the process that heard it is killed', async () => {
  await using project = await Project.minimal({
    units: 2,
    mode: 'parallel',
    maxIterations: 1,
    wrong: { 1: 1, 2: 1 },
  });
  expect((await run(project)).code).toBe(3);
  expect((await decide(project, 'sign-2', '--retry', 'Look again.')).code).toBe(0);
  await hold(project, 'sign-2');
  const running = project.start(['run', '--json', ...desk(project)]);
  await eventOfType(running, 'code.started');
  const heard = eventOfType(running, 'decision.made');
  expect((await decide(project, 'sign-1', '--abort')).code).toBe(0);
  await heard;
  running.kill('SIGKILL');
  await running;
  // No answer is waited for, although the run did not come to say that it is over.
  const waited = await project.cli(['wait', '--json', '--timeout', '9']);
  expect([waited.code, JSON.parse(waited.stdout)]).toMatchObject([
    75,
    { state: 'stopped', question: null, answered: [] },
  ]);
  const { stdout } = await project.cli(['status']);
  expect(stdout).toContain('a person has aborted the last run; what brings it to its end:');
  expect(stdout).not.toContain('--retry');
  // Nobody codes any more, although the agent would now be let go.
  await letGo(project, 'sign-2');
  const ended = await run(project, '--json');
  const types = Project.events(ended.stdout).map(({ type }) => type);
  expect([ended.code, types.includes('code.started')]).toEqual([1, false]);
  expect(await project.processes()).toEqual([]);
});

test('a note in the inbox that nobody can read is told of while the run goes on', async () => {
  await using project = await Project.minimal();
  await hold(project, 'sign-1');
  const running = project.start(['run', '001', '--json', ...desk(project)]);
  const { run: id } = await eventOfType(running, 'code.started');
  await project.write(`.factory/runs/001-signs/${id}/inbox/1.json`, '{ "subject": ');
  const noted = await eventOfType(running, 'run.noted');
  expect(noted).toMatchObject({ message: expect.stringContaining('1.json.malformed') });
  await letGo(project, 'sign-1');
  expect((await running).exitCode).toBe(0);
});
