import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { scripted } from '../rig/minimal.ts';
import { startModelServer } from '../rig/model-server.ts';
import type { ModelRequest, Script, Turn } from '../rig/model-server.ts';
import { Project } from '../rig/project.ts';
import { CLAUDES, environmentOf } from './claudes.ts';
import type { Claude } from './claudes.ts';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));

/** The plugin as a user gets it: packed, unpacked, and nothing installed in it. */
let plugin = '';
let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'factory-plugin-'));
  const bundle = "const { bundle } = await import('./scripts/bundle.js'); await bundle();";
  execFileSync(process.execPath, ['--input-type=module', '--eval', bundle], { cwd: PACKAGE });
  const pack = ['pack', '--silent', '--ignore-scripts', '--pack-destination', root];
  const name = execFileSync('npm', pack, { cwd: PACKAGE, encoding: 'utf8' }).trim();
  execFileSync('tar', ['-xzf', join(root, name), '-C', root]);
  plugin = join(root, 'package');
}, 120_000);

afterAll(() => rm(root, { recursive: true, force: true }));

/** A real `claude` at work in a project, its model the script. */
async function desk(claude: Claude, project: Project, url: string) {
  const bin = join(project.root, 'bin');
  await mkdir(bin, { recursive: true });
  const environment = existsSync(join(bin, 'claude')) ? {} : environmentOf(claude, { bin, url });
  const env = {
    ...project.env(),
    ...environment,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
  } as Record<string, string>;
  return (args: readonly string[]) =>
    execa(join(bin, 'claude'), args, {
      cwd: project.dir,
      env,
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      timeout: 280_000,
    });
}

const Result = z.looseObject({
  type: z.literal('tool_result'),
  is_error: z.boolean().optional(),
  content: z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]),
});

/** What the last tool call gave; null before the first. */
function lastResult(request: ModelRequest): { text: string; failed: boolean } | null {
  const { messages } = JSON.parse(request.sent) as { messages: { content: unknown }[] };
  const blocks = messages.flatMap(({ content }) =>
    Array.isArray(content) ? (content as unknown[]) : [],
  );
  const found = blocks.map((block) => Result.safeParse(block)).findLast(({ success }) => success);
  if (found?.data === undefined) return null;
  const { content, is_error } = found.data;
  const text =
    typeof content === 'string' ? content : content.map((each) => each.text ?? '').join('');
  return { text, failed: is_error === true };
}

const factory = (...words: string[]): Turn => ({
  use: [
    {
      name: 'Bash',
      input: { command: ['implement-factory', ...words].join(' '), description: 'a step' },
    },
  ],
});

/** A model that does what the skill says, step by step; `told` keeps what it would say to the person. */
function clerk(spec: string, told: string[]): Script {
  const steps = [factory('doctor'), factory('validate', spec), factory('run', spec, '--dry-run')];
  let at = 0;
  return (request) => {
    if (!request.tools.includes('Bash')) return { say: 'a title' };
    const last = lastResult(request);
    const text = last?.text ?? '';
    const next = steps[at];
    at += 1;
    if (next !== undefined) return next;
    // A call that is refused or finds nothing would be made for ever.
    if (at > 100) return { say: 'THE-RUN-IS lost' };
    if (at === steps.length + 1) return factory('run', spec, '--detach');
    if (!text.includes('"state"'))
      return factory('wait', spec, '--change', '--json', '--timeout', '60', '--since', 'none');
    const json = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as {
      state: string;
      cursor: string;
      lines: string[];
    };
    told.push(...json.lines);
    if (json.state === 'running')
      return factory(
        'wait',
        spec,
        '--change',
        '--json',
        '--timeout',
        '60',
        '--since',
        `'${json.cursor}'`,
      );
    return { say: `THE-RUN-IS ${json.state}` };
  };
}

/** As a user does it: the folder is a valid plugin, and its own marketplace. */
async function install(run: Awaited<ReturnType<typeof desk>>, project: Project): Promise<void> {
  const validated = await run(['plugin', 'validate', '--strict', plugin]);
  expect([validated.exitCode, validated.stdout]).toEqual([0, expect.stringContaining('passed')]);
  const added = await run(['plugin', 'marketplace', 'add', plugin]);
  expect([added.exitCode, added.stderr]).toEqual([0, '']);
  const installed = await run(['plugin', 'install', 'implement-factory@implement-factory']);
  expect([installed.exitCode, installed.stderr]).toEqual([0, '']);
  const copies = await execa('find', [project.env()['HOME'] ?? '', '-name', 'node_modules']);
  expect(copies.stdout).toBe('');
}

const ARGUMENTS = [
  '; id > pwned $(id > pwned)',
  '$(id > pwned)',
  '`id > pwned`',
  '001\n\nid > pwned',
  `001' && id > pwned #`,
];

const shell = ['--output-format', 'json', '--permission-mode', 'dontAsk'];

describe.each(CLAUDES)('the plugin in claude ($version)', (claude) => {
  test('/implement-factory runs a spec to its end, with a question answered on the way: first from a folder, then installed', async () => {
    await using project = await Project.minimal({
      checks: 'authored',
      wrong: { 1: 1 },
      maxIterations: 1,
    });
    const [, agent = ''] = scripted(project);
    await project.write('.start/factory.yaml', `agent: ${agent}\n`);
    await project.commit('Choose the agent');
    const told: string[] = [];
    let script: Script = clerk('001', told);
    await using server = await startModelServer((request) => script(request));
    const run = await desk(claude, project, server.url);

    const first = await run(['--plugin-dir', plugin, ...shell, '-p', '/implement-factory 001']);
    expect([first.stderr, first.exitCode]).toEqual(['', 0]);
    expect(first.stdout).toContain('THE-RUN-IS waiting');
    expect(server.requests.some(({ sent }) => sent.includes('You are the front desk'))).toBe(true);
    expect(told.join('\n')).toContain('satisfaction 0% of 100%');

    const answers: Turn[] = [factory('decide', '001', 'sign-1', '--retry', `'look at it again'`)];
    const rest = clerk('001', told);
    script = (request) => {
      if (!request.tools.includes('Bash')) return { say: 'a title' };
      return answers.shift() ?? rest(request);
    };
    await install(run, project);
    const second = await run([...shell, '-p', '/implement-factory 001']);
    expect([second.stderr, second.exitCode]).toEqual(['', 0]);
    expect(second.stdout).toContain('THE-RUN-IS completed');
    expect(await project.read('.start/specs/001-signs/manifest.md')).toContain('- [x] sign-1');
    expect(await project.git('branch', '--list', 'factory/*')).toContain('factory/001-signs');
    expect(server.requests.some(({ sent }) => sent.includes('as the holdout says'))).toBe(false);
  }, 600_000);

  // Each of them with the newest, and one with those before, whose ways of reading arguments are the same.
  test.each(claude === CLAUDES.at(-1) ? ARGUMENTS : ARGUMENTS.slice(0, 1))(
    'an argument %j does nothing, even when the model puts it into a command in quotes',
    async (argument) => {
      await using project = await Project.minimal({ checks: 'authored' });
      const outcomes: string[] = [];
      const quoted = `'${argument.replaceAll("'", String.raw`'\''`)}'`;
      let at = 0;
      await using server = await startModelServer((request) => {
        if (!request.tools.includes('Bash')) return { say: 'a title' };
        const last = lastResult(request);
        if (last !== null) outcomes.push(last.text);
        at += 1;
        return at === 1 ? factory('validate', quoted) : { say: 'which spec?' };
      });
      const run = await desk(claude, project, server.url);
      await run(['--plugin-dir', plugin, ...shell, '-p', `/implement-factory ${argument}`]);
      expect(server.requests.length).toBeGreaterThan(0);
      expect(outcomes).toHaveLength(1);
      expect(existsSync(join(project.dir, 'pwned'))).toBe(false);
      expect(await project.git('status', '--short')).toBe('');
    },
  );
});

test('the packed command line runs without an installed package', async () => {
  await using project = await Project.empty();
  const bin = join(plugin, 'bin', 'implement-factory');
  expect(await readFile(bin, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(existsSync(join(plugin, 'node_modules'))).toBe(false);
  const demo = await execa(bin, ['demo', '002', '--dir', join(project.root, 'demo')], {
    env: project.env(),
    extendEnv: false,
    reject: false,
  });
  expect([demo.exitCode, demo.exitCode === 0 ? '' : demo.stderr]).toEqual([0, '']);
});
