import { readdir, readFile, readlink, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, execaSync } from 'execa';
import { quote } from 'shell-quote';
import { expect, inject } from 'vitest';
import { nodeAgent } from '../rig/command.ts';
import { BIN, Project } from '../rig/project.ts';
import type { Ended } from '../rig/project.ts';

/** Small programs and prepared files that misbehave, or behave. */
const FIXTURES = fileURLToPath(new URL('../fixtures/bad/', import.meta.url));

/** Prepared files with which every tiny spec comes to its end. */
const GOOD = `scripted:${join(FIXTURES, 'good')}`;

export const SPEC = '.start/specs/001-tiny';
export const MANIFEST = `${SPEC}/manifest.md`;

/** One unit, one scenario. `greeter` is a command, `pinger` a service. */
export type Unit = 'greeter' | 'pinger';

/** What a manifest of one unit says; `settings` are further lines of its frontmatter. A unit gets two iterations. */
export const manifestOf = (unit: Unit, settings = ''): string =>
  `---
title: A tiny spec
status: pending
threshold: 1
max_iterations: 2
${settings === '' ? 'service: none' : settings}
---

# A tiny spec

## Units

- [ ] ${unit}: One thing that it does — no dependencies

## Execution Order

Group 1 (sequential): ${unit}
`;

/** Declares a service that is started by a command; `timeout` in seconds. */
export const served = (
  start: string,
  { timeout = 20, port }: { timeout?: number; port?: number } = {},
): string =>
  [
    'service:',
    `  start: ${JSON.stringify(start)}`,
    `  timeout: ${timeout}`,
    ...(port === undefined ? [] : [`  port: ${port}`]),
  ].join('\n');

/** A committed project with a tiny spec, no sandbox around it: for what is not about the wall. */
export async function tiny(
  unit: Unit = 'greeter',
  {
    name = 'project',
    settings = unit === 'pinger' ? served('node server.js') : '',
    checks = 'stub',
  }: { name?: string; settings?: string; checks?: 'authored' | 'stub' } = {},
): Promise<Project> {
  const project = await Project.empty(name);
  await writeTiny(project, unit, settings);
  if (checks === 'stub') await stub(project, unit);
  await project.commit();
  return project;
}

/** The same with the sandbox that a user gets; with a check that an author hands in, where it is about checks. */
export async function shutIn(
  unit: Unit = 'greeter',
  {
    settings = unit === 'pinger' ? served('node server.js') : '',
    checks = 'authored',
  }: { settings?: string; checks?: 'authored' | 'stub' } = {},
): Promise<Project> {
  const project = (await Project.empty()).shutIn();
  await writeTiny(project, unit, settings);
  if (checks === 'stub') await stub(project, unit);
  await project.commit();
  return project;
}

/** Writes the files of a tiny spec. */
export async function writeTiny(project: Project, unit: Unit, settings = ''): Promise<void> {
  const scenario = unit === 'greeter' ? 'says-hello' : 'answers';
  await project.write('package.json', PACKAGE);
  if (unit === 'pinger')
    await project.write('service.mjs', await readFile(join(FIXTURES, 'service.mjs')));
  await project.write(MANIFEST, manifestOf(unit, settings));
  await project.write(`${SPEC}/units/${unit}.md`, UNIT_SPEC[unit]);
  await project.write(`${SPEC}/scenarios/${unit}/${scenario}.md`, SCENARIO[unit]);
}

/** A shell stub for the one scenario, so that no author is asked and no attempt starts Node.js: for what is not about checks. */
export async function stub(project: Project, unit: Unit): Promise<void> {
  const scenario = unit === 'greeter' ? 'says-hello' : 'answers';
  const text = `---\nunit: ${unit}\nframework: shell\n---\n\n# Stubs\n\n## Stubs\n\n### ${scenario}\n\n\`\`\`sh\n${STUB[unit]}\n\`\`\`\n`;
  await project.write(`${SPEC}/scenarios/${unit}/e2e-stubs.md`, text);
}

const STUB: Readonly<Record<Unit, string>> = {
  greeter: '[ "$(greet)" = hello ]',
  pinger: `exec 3<>"/dev/tcp/127.0.0.1/$PORT"
printf 'GET /ping HTTP/1.0\\r\\n\\r\\n' >&3
answer="$(timeout 2 cat <&3)"
[[ $answer == 'HTTP/1.1 200'* && $answer == *pong* ]]`,
};

const PACKAGE = '{ "name": "tiny", "type": "module", "bin": { "greet": "greet.js" } }\n';

const UNIT_SPEC: Readonly<Record<Unit, string>> = {
  greeter: '# Greeting\n\nThe command `greet` (in `greet.js`) prints `hello`.\n',
  pinger: '# Ping\n\n`server.js` listens on `PORT`. `GET /ping` answers `pong`.\n',
};

const SCENARIO: Readonly<Record<Unit, string>> = {
  greeter: '# It says hello\n\nWhen `greet` is run, it prints `hello` and ends with 0.\n',
  pinger: '# It answers\n\nWhen `GET /ping` is asked, `pong` is answered.\n',
};

/** `run 001` with agents that are prepared, unless other flags say otherwise; nothing is tried again. */
export const runTiny = (
  project: Project,
  flags: readonly string[] = [],
  options: { env?: Record<string, string>; cwd?: string } = {},
): Promise<Ended> =>
  project.cli(['run', '001', ...agents(flags), '--retries', '0', ...flags], options);

const agents = (flags: readonly string[]): readonly string[] => [
  ...(flags.includes('--agent') ? [] : ['--agent', GOOD]),
  ...(flags.includes('--evaluator') ? [] : ['--evaluator', GOOD]),
];

/**
 * Words before a command that make file permissions count for root too; empty where the user is none, null where that cannot be
 * had.
 */
export const UNPRIVILEGED = unprivileged();

function unprivileged(): string | null {
  if (process.getuid?.() !== 0) return '';
  const words = ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'];
  const tried = execaSync('setpriv', [...words.slice(1), 'true'], { reject: false });
  return tried.exitCode === 0 ? words.join(' ') : null;
}

/** Whether `unshare -rm` lets us mount folders of our own, say a tiny disk. */
export const CAN_MOUNT =
  execaSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs none /mnt'], { reject: false })
    .exitCode === 0;

/** YAML that is small, and endless once its aliases are followed. */
export const bomb = (): string => {
  const more = Array.from({ length: 9 }, (_, level) => {
    const items = Array.from({ length: 9 }, () => (level === 0 ? 'x' : `*a${level - 1}`));
    return `a${level}: &a${level} [${items.join(', ')}]\n`;
  });
  return more.join('');
};

/** A fixture program as an agent. */
export const program = (name: string, ...args: readonly string[]): string =>
  nodeAgent(join(FIXTURES, name), ...args);

/** The command line as a program of one word, wherever this repository is. */
async function factory(): Promise<string> {
  const file = join(inject('scratch'), 'factory');
  const script = `#!/bin/sh\nexec ${quote([process.execPath, BIN])} "$@"\n`;
  await writeFile(`${file}.${process.pid}`, script, { mode: 0o755 });
  // Whole at once: another worker may be running it.
  await rename(`${file}.${process.pid}`, file);
  return file;
}

/** Runs a shell line with the command line as `$F`, in the project. */
export async function shell(
  project: Project,
  line: string,
  env: Record<string, string> = {},
): Promise<Ended> {
  const { exitCode, stdout, stderr } = await execa('bash', ['-c', line], {
    cwd: project.dir,
    env: { ...project.env(), F: await factory(), GOOD, ROOT: project.root, ...env },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  return { code: exitCode, stdout, stderr };
}

/** Nothing of our own making went wrong, and nobody is shown a stack trace. */
export function expectNoBug({ code, stdout, stderr }: Ended): void {
  expect(stderr + stdout).not.toMatch(/internal error/i);
  expect(stderr + stdout).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  expect(code).not.toBe(70);
  expect(code).toBeTypeOf('number');
}

/** It ended with this code, and said each of these. */
export function expectEnd(ended: Ended, code: number, ...says: readonly (RegExp | string)[]): void {
  expectNoBug(ended);
  for (const words of says)
    if (typeof words === 'string') expect(ended.stderr).toContain(words);
    else expect(ended.stderr).toMatch(words);
  if (ended.code !== code) expect.fail(`exit ${ended.code}, not ${code}:\n${ended.stderr}`);
}

/** What still runs of the project's runs: by the marker of a run, or at work in the project's temporary folder. */
export async function leftovers(project: Project): Promise<string[]> {
  const runs = await runIds(project);
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (Number(pid) === process.pid) continue;
    const environ = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    const entries = environ.split('\0').filter((entry) => entry.startsWith('FACTORY_PROCESS='));
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    const marked = runs.some((id) =>
      entries.some((entry) => entry.startsWith(`FACTORY_PROCESS=${id}:`)),
    );
    if (!marked && !cwd.startsWith(project.root)) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
    if (command !== '') found.push(`${pid} ${command.replaceAll('\0', ' ')}`);
  }
  return found;
}

async function runIds(project: Project): Promise<string[]> {
  const runs = join(project.dir, '.factory', 'runs');
  const specs = await readdir(runs).catch(() => []);
  const ids = await Promise.all(specs.map((spec) => readdir(join(runs, spec)).catch(() => [])));
  return ids.flat();
}

/** Nothing is left running, and the same spec comes to its end with agents that behave. */
export async function expectRecovery(
  project: Project,
  flags: readonly string[] = [],
): Promise<void> {
  expect(await leftovers(project)).toEqual([]);
  const again = await runTiny(project, flags);
  expectEnd(again, 0, 'completed');
  expect(await project.read(MANIFEST)).toMatch(/^- \[x\] /m);
  expect(await leftovers(project)).toEqual([]);
}
