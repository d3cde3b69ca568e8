import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { quote } from 'shell-quote';
import { expect, test, vi } from 'vitest';
import { desk, hold, letGo, scripted } from '../rig/minimal.ts';
import { BIN, Project } from '../rig/project.ts';

const WAIT = { timeout: 60_000, interval: 50 };

const RUNS = join('.factory', 'runs', '001-signs');

const HIDE_CURSOR = '\u001B[?25l';

/** What a person sees on a terminal of 80 columns, made by `script`. */
async function onTerminal(
  project: Project,
  env: Record<string, string>,
  columns = 80,
): Promise<string> {
  const command = quote([process.execPath, BIN, 'run', ...scripted(project)]);
  const { stdout } = await execa(
    'script',
    [
      '--quiet',
      '--return',
      '--command',
      `stty columns ${String(columns)} rows 24; ${command}`,
      '/dev/null',
    ],
    {
      cwd: project.dir,
      env: { ...project.env(), ...env },
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
    },
  );
  return stdout;
}

const hasScript = (await execa('script', ['--version'], { reject: false })).exitCode === 0;

test.skipIf(!hasScript).each([
  ['a terminal', { CI: '', TERM: 'xterm' }, true],
  ['a terminal that is kept as the log of a CI', { CI: 'true', TERM: 'xterm' }, false],
  ['a terminal that cannot move its cursor', { CI: '', TERM: 'dumb' }, false],
])('%s', async (_, env, live) => {
  await using project = await Project.minimal();
  const screen = await onTerminal(project, env);
  expect(screen.includes(HIDE_CURSOR)).toBe(live);
  expect(screen).toContain('# 001-signs: completed');
  // The table of units would be wider than 80 columns.
  expect(screen).toContain('- sign-1: completed');
  expect(screen).not.toContain('| sign-1 |');
});

test.skipIf(!hasScript)('a terminal that does not know its width', async () => {
  await using project = await Project.minimal();
  const screen = await onTerminal(project, { CI: '', TERM: 'xterm' }, 0);
  expect(screen).not.toContain(HIDE_CURSOR);
  expect(screen).toContain('| sign-1 |');
  // Every table is laid out for some width, of a report that is asked for later too.
  const status = await execa(
    'script',
    ['-qec', `stty columns 0; ${quote([process.execPath, BIN, 'status'])}`, '/dev/null'],
    { cwd: project.dir, env: project.env(), extendEnv: false, stdin: 'ignore' },
  );
  expect(status.stdout).toMatch(/sign-1 +completed/);
});

test.skipIf(!hasScript).each([
  ['stops the run gracefully', 'exec', 'run.stopped'],
  ['is nothing to a run with nohup', 'exec nohup', 'run.finished'],
])('a terminal that is closed %s', async (_, how, end) => {
  await using project = await Project.minimal();
  await hold(project, 'sign-1');
  const run = quote([process.execPath, BIN, 'run', ...desk(project)]);
  const command = `stty columns 80 rows 24; ${how} ${run}${end === 'run.finished' ? ' > ../said 2>&1' : ''}`;
  const terminal = execa('script', ['--quiet', '--command', command, '/dev/null'], {
    cwd: project.dir,
    env: { ...project.env(), CI: '', TERM: 'xterm' },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
  });
  const isCoding = async () =>
    (await project.processes()).some((line) => /desk-agent(?!.*--evaluator)/.test(line));
  await vi.waitUntil(isCoding, WAIT);
  terminal.kill('SIGKILL');
  await terminal;
  if (end === 'run.finished') await letGo(project, 'sign-1');
  await vi.waitUntil(async () => (await project.processes()).length === 0, WAIT);
  // Written down by the run itself, not found out by the next one.
  const [id = ''] = await readdir(join(project.dir, RUNS));
  const [last = ''] = (await project.read(join(RUNS, id, 'journal.ndjson'))).split('\n').slice(-2);
  expect(JSON.parse(last)).toMatchObject({ type: end });
});
