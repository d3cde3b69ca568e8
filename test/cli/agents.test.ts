import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

/** A `codex` on a PATH of its own that writes down its model, and the right word with one that is strong only. */
async function withCodex({ root }: Project) {
  const log = join(root, 'models.txt');
  const file = join(root, 'bin/codex');
  await mkdir(join(root, 'bin'));
  await writeFile(
    file,
    `#!${process.execPath}
const fs = require('node:fs');
if (process.argv.includes('--version')) process.exit(0);
const model = process.argv[process.argv.indexOf('--model') + 1];
fs.appendFileSync(${JSON.stringify(log)}, model + '\\n');
fs.mkdirSync('posts', { recursive: true });
fs.writeFileSync('posts/1.txt', model === 'strong' ? 'right\\n' : 'wrong\\n');
console.log('{"type":"turn.completed","usage":{"input_tokens":1,"output_tokens":1}}');
`,
  );
  await chmod(file, 0o755);
  return {
    env: { PATH: `${join(root, 'bin')}:${process.env['PATH']}`, OPENAI_API_KEY: 'sk-fake-12345' },
    models: async () => (await readFile(log, 'utf8')).trim().split('\n'),
  };
}

const UNIT = '.start/specs/001-signs/units/sign-1.md';

/** Lets the file of unit 1 begin with this frontmatter. */
async function say(project: Project, frontmatter: string) {
  const text = await readFile(join(project.dir, UNIT), 'utf8');
  await project.write(UNIT, `---\n${frontmatter}\n---\n\n${text}`);
}

test('a unit names its own agent, and a stronger model takes over for good', async () => {
  await using project = await Project.minimal({ maxIterations: 1 });
  const { env, models } = await withCodex(project);
  await say(project, 'agent: codex\nmodel: weak');
  // What it writes down lies outside of any sandbox.
  const usual = ['--barrier', 'advisory', ...scripted(project)];
  const ladder = ['--escalate-model', 'strong', '--escalate-after', '1'];

  const first = await project.cli(['run', '--json', ...ladder, ...usual], { env });
  expect([first.code, first.code === 3 ? '' : first.stderr]).toEqual([3, '']);
  expect(await models()).toEqual(['weak']);
  await project.cli(['decide', '001', 'sign-1', '--retry', 'Try again.']);

  // Guidance starts a new count of iterations, not of failures; and a call that says nothing of the ladder keeps it.
  const second = await project.cli(['run', '--json', ...usual], { env });
  expect([second.code, second.code === 0 ? '' : second.stderr]).toEqual([0, '']);
  expect(await models()).toEqual(['weak', 'strong']);
  const events = [first, second].flatMap(({ stdout }) => Project.events(stdout));
  expect(
    events.flatMap((event) => (event.type === 'code.started' ? [event.model ?? 'its own'] : [])),
  ).toEqual(['its own', 'strong']);
  expect(
    events.flatMap((event) => (event.type === 'code.finished' ? [event.agent.agent] : [])),
  ).toEqual(['codex:weak', 'codex:strong']);
}, 120_000);

test('the plan names them all, and nothing that could not be used is taken without a word', async () => {
  await using project = await Project.minimal();
  await say(project, 'agent: codex');
  const dry = ['run', '--dry-run', ...scripted(project)];
  const plan = await project.cli([...dry, '--escalate-model', 'strong', '--escalate-after', '1']);
  expect(plan.stdout).toContain('scripted; codex for sign-1; strong after failing 1×');
  const missing = await project.cli(['run', ...scripted(project)], {
    env: { PATH: '/usr/bin:/bin' },
  });
  expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('`codex` is not on')]);
});

test.each([
  ['agent: gpt', [], 'bad-unit-agent'],
  ['model: opus', [], 'No agent here can be given the model "opus"'],
  ['id: sign-1', ['--escalate-model', 'opus'], 'No agent here can be given the model "opus"'],
])('%s %j is refused', async (frontmatter, flags, words) => {
  await using project = await Project.minimal();
  await say(project, frontmatter);
  const { code, stderr } = await project.cli(['run', ...flags, ...scripted(project)]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
});
