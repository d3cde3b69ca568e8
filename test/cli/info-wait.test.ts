import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Question } from '../../src/domain/index.ts';
import { desk, hold, letGo, scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

interface Answer {
  readonly state: string;
  readonly cursor: string;
  readonly lines: readonly string[];
  readonly question: { readonly kind: string } | null;
  readonly exitCode: number;
}

async function wait(project: Project, ...flags: string[]): Promise<Answer> {
  const { code, stdout, stderr } = await project.cli(['wait', '001', '--json', ...flags]);
  if (stdout === '') throw new Error(stderr);
  const answer = JSON.parse(stdout) as Answer;
  expect(code).toBe(answer.exitCode);
  return answer;
}

describe('run --detach and wait', () => {
  test('a run goes on by itself; wait is bounded, and tells each thing once', async () => {
    await using project = await Project.minimal();
    await hold(project, 'sign-1');
    const started = await project.cli(['run', '001', '--detach', ...desk(project)]);
    expect([started.code, started.stdout]).toEqual([0, '']);
    expect(started.stderr).toMatch(/^001-signs: at work, process \d+/);

    const again = await project.cli(['run', '001', '--detach', ...desk(project)]);
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('at work already')]);

    const first = await wait(project, '--since', 'none', '--timeout', '1');
    expect(first).toMatchObject({ state: 'running', exitCode: 124, question: null });
    await letGo(project, 'sign-1');
    const second = await wait(project, '--since', first.cursor, '--timeout', '50');
    expect(second).toMatchObject({ state: 'completed', exitCode: 0 });
    expect(second.lines.join('\n')).toContain('sign-1: satisfaction 100%');
    expect(
      second.lines.filter((line) => first.lines.includes(line) && /satisf/.test(line)),
    ).toEqual([]);
    expect(await wait(project)).toMatchObject({ state: 'completed', lines: [] });
    const log = join(project.dir, '.factory/logs/001-signs.log');
    expect(await readFile(log, 'utf8')).toContain('# 001-signs: completed');
    expect(await project.git('status', '--short', '--ignored')).not.toContain('logs');
  });

  test('--change comes back at the first thing worth telling, a question ends the waiting', async () => {
    await using project = await Project.minimal({ wrong: { 1: 1 }, maxIterations: 1 });
    expect((await project.cli(['run', '001', '--detach', ...scripted(project)])).code).toBe(0);
    const told: string[] = [];
    let answer = await wait(project, '--since', 'none', '--change', '--timeout', '50');
    for (; answer.state === 'running'; told.push(...answer.lines))
      answer = await wait(project, '--since', answer.cursor, '--change', '--timeout', '50');
    expect(answer).toMatchObject({
      state: 'waiting',
      exitCode: 3,
      question: { kind: 'exhausted' },
      answers: ['--retry "<guidance>"', '--skip', '--abort'].map(
        (way) => `implement-factory decide 001-signs sign-1 ${way}`,
      ),
    });
    expect((await project.cli(['decide', '001', 'sign-1', '--retry', 'look again'])).code).toBe(0);
    expect((await project.cli(['run', '001', '--detach', ...scripted(project)])).code).toBe(0);
    expect(await wait(project, '--timeout', '50')).toMatchObject({ state: 'completed' });
  });

  test('what could not start says why, with the exit code of run', async () => {
    await using project = await Project.minimal();
    expect((await project.cli(['wait', '001'])).code).toBe(2);
    // Refused by a process that has the lock already.
    await project.write('README.md', 'changed meanwhile');
    const bad = await project.cli(['run', '001', '--detach', ...desk(project)]);
    expect([bad.code, bad.stderr]).toEqual([2, expect.stringMatching(/README\.md/)]);
    expect(bad.stderr).not.toContain('at work');
    await project.git('checkout', 'README.md');
    const odd = ['; id', '$(touch pwned)', 'a\nb', '`id`'].map((spec) => ['run', spec]);
    const elsewhere = ['run', 'wait', 'status', 'validate'].map((each) => [each, '--', '; id']);
    for (const words of [...odd, ...elsewhere]) expect((await project.cli(words)).code).toBe(2);
    expect(await project.git('status', '--short')).toBe('');
  });
});

test('the skill has a line for every kind of question', async () => {
  const skill = new URL('../../skills/implement-factory/SKILL.md', import.meta.url);
  const text = await readFile(skill, 'utf8');
  const kinds = Question.shape.kind.options;
  expect(kinds.filter((kind) => !text.includes(`\`${kind}\``))).toEqual([]);
});

test('init copies the skills, and writes over nothing that was changed', async () => {
  await using project = await Project.minimal();
  const first = await project.cli(['init']);
  expect([first.code, first.stdout]).toEqual([0, '.claude/skills']);
  const skill = '.claude/skills/implement-factory/SKILL.md';
  expect(await project.read(skill)).toContain('name: implement-factory');
  expect(await project.read('.claude/skills/specify-factory/templates/manifest.md')).toContain(
    '{{title}}',
  );
  expect((await project.cli(['init'])).code).toBe(0);
  await project.write(skill, 'mine');
  const refused = await project.cli(['init']);
  expect([refused.code, await project.read(skill)]).toEqual([2, 'mine']);
  expect(refused.stderr).toContain('implement-factory/SKILL.md');
  expect((await project.cli(['init', '--force'])).code).toBe(0);
  expect(await project.read(skill)).not.toBe('mine');
});
