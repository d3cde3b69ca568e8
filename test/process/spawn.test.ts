import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Exit, SpawnPlan, Watch } from '../../src/process/index.ts';
import { run, spawn } from '../../src/process/index.ts';
import { alive } from './alive.ts';

const here = fileURLToPath(new URL('../fixtures/process/', import.meta.url));
const sandbox = { kind: 'none' } as const;

function plan(program: string, extra: Partial<SpawnPlan> = {}, ...args: string[]): SpawnPlan {
  const command = [program.endsWith('.js') ? `${here}${program}` : program, ...args] as const;
  return {
    label: program,
    command,
    cwd: here,
    env: { PATH: process.env['PATH'] ?? '' },
    limits: { graceMs: 300 },
    ...extra,
  };
}

/** Starts it, and does something at its first line. */
function atFirstLine(what: SpawnPlan, act: () => void, watch: Watch = {}) {
  return spawn(what, sandbox, { ...watch, onLine: () => act() });
}

describe('a process that ends by itself', () => {
  test('tells its code and its output', async () => {
    const exit = await run(plan('sh', {}, '-c', 'echo out; echo err >&2; exit 3'), sandbox);
    expect(exit).toMatchObject({ cause: 'exited', code: 3, signal: null });
    expect(exit).toMatchObject({ stdout: 'out\n', stderr: 'err\n' });
    expect(exit.summary).toBe('exited with code 3');
    expect(exit.cut).toBeUndefined();
  });

  test('tells the signal that ended it', async () => {
    const exit = await run(plan('sh', {}, '-c', 'kill -9 $$'), sandbox);
    expect(exit).toMatchObject({ cause: 'signalled', code: null, signal: 'SIGKILL' });
    expect(exit.summary).toBe('was ended by SIGKILL');
  });

  test('has the environment of its plan and nothing else', async () => {
    const exit = await run(plan('environment.js', { marker: 'run-7' }), sandbox);
    const { FACTORY_PROCESS, ...rest } = JSON.parse(exit.stdout) as Record<string, string>;
    expect(rest).toEqual({ PATH: process.env['PATH'] });
    expect(FACTORY_PROCESS).toMatch(/^run-7:/);
  });

  test('reads stdin to its end', async () => {
    const stdin = 'é'.repeat(100_000);
    expect((await run(plan('echo.js', { stdin }), sandbox)).stdout).toBe(stdin);
    expect((await run(plan('echo.js'), sandbox)).stdout).toBe('');
  });

  test('may leave megabytes of stdin unread', async () => {
    const exit = await run(plan('deaf.js', { stdin: 'x'.repeat(5_000_000) }), sandbox);
    expect(exit).toMatchObject({ cause: 'exited', code: 0, stdout: 'done\n' });
  });

  test('talks by messages', async () => {
    const got: unknown[] = [];
    const running = spawn(plan('echo.js', { ipc: true }), sandbox, {
      onMessage: (message) => got.push(message),
    });
    running.send({ a: new Map([[1, 2]]) });
    running.send('end');
    expect((await running.ended).cause).toBe('exited');
    expect(got).toEqual([{ got: { a: new Map([[1, 2]]) } }, { got: 'end' }]);
    running.send('too late');
  });
});

describe('output', () => {
  const lines = async (...hex: string[]) => {
    const seen: string[] = [];
    const onLine: Watch['onLine'] = (stream, line) => seen.push(`${stream} ${line}`);
    const exit = await run(plan('bytes.js', {}, ...hex), sandbox, { onLine });
    return { seen, exit };
  };

  test('arrives in lines, a character may come in pieces', async () => {
    const { seen } = await lines('61c3', 'a90a62', '0a0a', 'e282', 'ac');
    expect(seen).toEqual(['stdout aé', 'stdout b', 'stdout ', 'stdout €']);
  });

  test('that is no UTF-8 is replaced', async () => {
    const { seen, exit } = await lines('61ff62c30a');
    expect(seen).toEqual(['stdout a\uFFFDb\uFFFD']);
    expect(exit.stdout).toBe('a\uFFFDb\uFFFD\n');
  });

  test('in a line over 1 MiB is cut, the next line is whole', async () => {
    const seen: string[] = [];
    const script = "process.stdout.write('x'.repeat(3_000_000)+'\\nnext\\n')";
    const onLine: Watch['onLine'] = (_, line) => seen.push(line);
    await run(plan('node', {}, '-e', script), sandbox, { onLine });
    expect(seen.map((line) => line.length)).toEqual([1024 * 1024, 4]);
  });

  test('is kept at its end, without half a character', async () => {
    const what = plan('bytes.js', { limits: { keepBytes: 4 } }, '616263', 'c3a9c3', 'a96465');
    expect(await run(what, sandbox)).toMatchObject({ stdout: 'éde', cut: true });
  });
});

describe('a process that has to be ended', () => {
  const ended = async (exit: Promise<Exit>) => exit.then(({ cause, signal }) => [cause, signal]);

  test('is asked first', async () => {
    const running = atFirstLine(plan('forever.js'), () => void running.stop());
    expect(await ended(running.ended)).toEqual(['stopped', 'SIGTERM']);
  });

  test('is killed if it does not listen', async () => {
    const running = atFirstLine(plan('ignore-term.js'), () => void running.stop());
    expect(await ended(running.ended)).toEqual(['stopped', 'SIGKILL']);
    expect(await running.stop()).toBe(await running.ended);
  });

  test('ends when the signal aborts, or never starts', async () => {
    const control = new AbortController();
    const { signal } = control;
    const running = atFirstLine(plan('forever.js'), () => control.abort(), { signal });
    expect(await ended(running.ended)).toEqual(['stopped', 'SIGTERM']);
    expect(spawn(plan('forever.js'), sandbox, { signal }).pid).toBeUndefined();
    expect(await ended(run(plan('forever.js'), sandbox, { signal }))).toEqual(['stopped', null]);
  });

  test('is left alone while it stirs, and ended when it does not', async () => {
    const answers = [true, true, false];
    const stirs = () => Promise.resolve(answers.shift() ?? false);
    const exit = await run(
      plan('sleep', { limits: { idleMs: 50, graceMs: 300 } }, '100'),
      sandbox,
      {
        stirs,
      },
    );
    expect([exit.cause, answers]).toEqual(['idle', []]);
  });

  test('is ended by the wall clock, or for its silence', async () => {
    const wall = await run(plan('forever.js', { limits: { wallMs: 100 } }), sandbox);
    expect(wall).toMatchObject({ cause: 'wall', summary: 'took longer than 100 ms' });
    const quiet = plan('sh', { limits: { idleMs: 400 } }, '-c', 'echo up; sleep 100');
    const idle = await run(quiet, sandbox);
    expect(idle).toMatchObject({ cause: 'idle', stdout: 'up\n', summary: 'was silent for 400 ms' });
  });

  test('is ended as a flood, its output kept small', async () => {
    const limits = { floodBytes: 3_000_000, keepBytes: 1000, graceMs: 300 };
    const exit = await run(plan('flood.js', { limits }), sandbox);
    expect(exit).toMatchObject({ cause: 'flood', summary: 'wrote more than 2.9 MiB' });
    expect(exit.stdout).toHaveLength(1000);
  });
});

describe('what a process leaves behind', () => {
  test('in its group ends with it, even if it ignores the signal', async () => {
    const script = `'${process.execPath}' '${here}ignore-term.js' & echo $!; sleep 0.3`;
    const exit = await run(plan('sh', {}, '-c', script), sandbox);
    expect(exit).toMatchObject({ cause: 'exited', code: 0 });
    expect(alive(Number(/\d+/.exec(exit.stdout)?.[0]))).toBe(false);
  });

  test('in a session of its own is swept', async () => {
    const exit = await run(plan('escape.js', { sweep: true }), sandbox);
    expect(alive(Number(/child (\d+)/.exec(exit.stdout)?.[1]))).toBe(false);
  });

  test('cannot hold up its end by keeping its output open', async () => {
    const exit = await run(plan('escape.js', {}, 'holding'), sandbox);
    const pid = Number(/child (\d+)/.exec(exit.stdout)?.[1]);
    expect(alive(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
  });
});

describe('a process that cannot be started', () => {
  const why = async (what: SpawnPlan) => {
    const exit = await run(what, sandbox);
    expect(exit).toMatchObject({ cause: 'not_started', code: null, stdout: '' });
    return exit.summary;
  };

  test('is a value with a sentence', async () => {
    const cannot = 'could not be started:';
    expect(await why(plan('no-such-program'))).toBe(
      `${cannot} there is no program no-such-program on the PATH`,
    );
    expect(await why(plan('missing.js'))).toBe(`${cannot} there is no file ${here}missing.js`);
    expect(await why(plan('sh', { cwd: `${here}missing` }))).toBe(
      `${cannot} the folder ${here}missing does not exist`,
    );
    expect(await why(plan(`${here}plain.txt`))).toMatch(/permission .* denied/);
    expect(await why(plan(`${here}orphan-script`))).toMatch(/interpreter .* does not exist/);
    expect(await why(plan('echo', {}, 'a\0b'))).toMatch(/NUL/);
    expect(await why(plan('echo', {}, 'x'.repeat(5_000_000)))).toMatch(/too long/);
    expect(await why(plan(''))).toMatch(/empty/);
  });
});
