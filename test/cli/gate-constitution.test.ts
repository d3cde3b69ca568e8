import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/domain/index.ts';
import { desk, deskOf } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

const rule = (name: string, lines: string): string =>
  `## ${name}\n\n\`\`\`yaml\n${lines}\n\`\`\`\n\n`;

const gatesIn = (stdout: string) =>
  Project.events(stdout).flatMap((event: RunEvent) =>
    event.type === 'gate.finished' ? [event] : [],
  );

const prompt = (project: Project, run: number): Promise<string> =>
  readFile(join(deskOf(project), 'prompts', 'sign-1', `${run}.md`), 'utf8');

test('a violation of L1 sends the unit back with its place; earlier ones, L3 and bad rules are only told', async () => {
  await using project = await Project.minimal();
  await project.write(
    'CONSTITUTION.md',
    [
      rule(
        'No rubbish',
        'level: L1\npattern: rubbish\nscope: "**/*.txt"\nexclude: "old/**"\nmessage: Keep rubbish out of the files',
      ),
      rule(
        'No shouting',
        'level: L3\npattern: "[A-Z]{5,}"\nscope: "**/*.{txt,md}"\nmessage: Speak softly',
      ),
      rule('Looks behind', 'level: L1\npattern: "(?<=x)y"\nscope: "**"\nmessage: Never'),
    ].join(''),
  );
  await project.write('notes.txt', 'some rubbish\n');
  await project.commit('Law');
  await project.prepare('sign-1', 1, {
    'posts/1.txt': 'right\n',
    'notes.txt': 'new line\nsome rubbish\nmore rubbish\n',
    'old/kept.txt': 'rubbish\n',
  });
  await project.prepare('sign-1', 2, {
    'posts/1.txt': 'right\n',
    'notes.txt': 'new line\nsome rubbish\nHURRAH\n',
  });
  const { code, stdout, stderr } = await project.cli(['run', '--json', ...desk(project)]);
  const gates = gatesIn(stdout);
  expect(gates.map(({ blamed }) => blamed.map(({ symptom }) => symptom))).toEqual([
    ['notes.txt:3 breaks a rule of CONSTITUTION.md: Keep rubbish out of the files'],
    [],
    [],
  ]);
  const told = gates.map(({ violations }) =>
    violations.map(({ level, line, unit }) => `${level} ${line} ${unit}`),
  );
  expect(told).toEqual([
    ['L1 2 null', 'L1 3 sign-1'],
    ['L1 2 null', 'L3 3 sign-1'],
    ['L1 2 null', 'L3 3 sign-1'],
  ]);
  expect(gates[0]?.steps.at(-1)).toMatchObject({
    outcome: 'failed',
    detail: '2 rules: 1 L1, 0 L2, 0 L3; 1 there before the run',
    notes: [expect.stringMatching(/^CONSTITUTION\.md:24: .*Looks behind.*RE2/)],
  });
  expect(stderr).toMatch(/note: CONSTITUTION\.md:24: .*Looks behind/);
  const summary = stderr.slice(stderr.indexOf('# 001-signs: completed'));
  expect(summary).toContain(`Against CONSTITUTION.md:
- L3 notes.txt:3: Speak softly (No shouting), by sign-1

Against CONSTITUTION.md, there before the run:
- L1 notes.txt:2: Keep rubbish out of the files (No rubbish), there before the run
`);
  expect(await prompt(project, 2)).toContain('notes.txt:3 breaks a rule of CONSTITUTION.md');
  expect(code).toBe(0);
});

test('a violation of L2 waits for a person, who may take it as it is', async () => {
  await using project = await Project.minimal();
  await project.write(
    'CONSTITUTION.md',
    rule('Signs', 'level: L2\npattern: right\nscope: posts/*\nmessage: Ask first'),
  );
  await project.commit('Law');
  const waiting = await project.cli(['run', ...desk(project)]);
  expect([waiting.code, waiting.stderr]).toEqual([
    3,
    expect.stringContaining('posts/1.txt:1: Ask first'),
  ]);
  expect(waiting.stderr).toContain('decide 001-signs sign-1 --accept');
  expect((await project.cli(['decide', '001', 'sign-1', '--accept'])).code).toBe(0);
  const { code, stdout } = await project.cli(['run', '--json', ...desk(project)]);
  expect([code, gatesIn(stdout).flatMap(({ escalated }) => escalated)]).toEqual([0, []]);
});

test('a violation of L1 that a person leaves as it is keeps the run from completing', async () => {
  await using project = await Project.minimal({ maxIterations: 1 });
  await project.write(
    'CONSTITUTION.md',
    rule('Signs', 'level: L1\npattern: right\nscope: posts/*\nmessage: Never'),
  );
  await project.commit('Law');
  const skip = ['run', '--json', '--on-escalate', 'skip', ...desk(project)];
  const { code, stdout, stderr } = await project.cli(skip);
  expect(stderr).toContain('after 1 of 1 iterations (last: 100 %, sent back by the gate)');
  expect(gatesIn(stdout).at(-1)).toMatchObject({
    group: null,
    through: false,
    steps: [
      {},
      {},
      { name: 'constitution', outcome: 'failed', detail: '1 rule: 1 L1, 0 L2, 0 L3' },
    ],
  });
  expect(code).toBe(1);

  // What the unit left in the run that failed is still its own in the next one.
  const again = await project.cli(skip);
  expect([again.code, gatesIn(again.stdout).map(({ blamed }) => blamed)]).toEqual([
    1,
    [[{ unit: 'sign-1', symptom: 'posts/1.txt:1 breaks a rule of CONSTITUTION.md: Never' }], []],
  ]);
});

test('a check rule is judged by an agent, once for equal files, and its words reach nobody', async () => {
  await using project = await Project.minimal();
  await project.write(
    'CONSTITUTION.md',
    rule('Kind', 'level: L1\ncheck: Are the words kind?\nscope: "*.txt"\nmessage: Be kind'),
  );
  await project.commit('Law');
  const answer = (violations: object[]) => JSON.stringify({ violations });
  await project.write(
    '../scripted/constitution/1.json',
    answer([{ rule: 'R1', file: 'words.txt', line: 9 }]),
  );
  await project.write('../scripted/constitution/2.json', answer([]));
  await project.prepare('sign-1', 1, { 'posts/1.txt': 'right\n', 'words.txt': 'go\nnow\n' });
  await project.prepare('sign-1', 2, { 'posts/1.txt': 'right\n', 'words.txt': 'please\n' });
  const { code, stdout } = await project.cli(['run', '--json', ...desk(project)]);
  const gates = gatesIn(stdout);
  expect(gates[0]?.blamed).toEqual([
    { unit: 'sign-1', symptom: 'words.txt:2 breaks a rule of CONSTITUTION.md: Be kind' },
  ]);
  // What was judged stays judged until the file changes: the gate at the end asks nobody.
  expect(gates.map(({ agents }) => agents.length)).toEqual([1, 1, 0]);
  expect(code).toBe(0);
});
