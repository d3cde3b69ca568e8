import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { run, spawn, type SpawnPlan, type Watch } from '../../src/process/index.ts';
import { behindWall, sandbox } from '../rig/sandbox.ts';
import { alive } from './alive.ts';

const here = fileURLToPath(new URL('../fixtures/process/', import.meta.url));

function plan(program: string, extra: Partial<SpawnPlan> = {}, ...args: string[]): SpawnPlan {
  return {
    label: program,
    command: [program.endsWith('.js') ? `${here}${program}` : program, ...args],
    cwd: here,
    env: { PATH: process.env['PATH'] ?? '' },
    limits: { graceMs: 300 },
    view: { read: [here] },
    ...extra,
  };
}

const shell = (script: string, extra: Partial<SpawnPlan> = {}) => plan('sh', extra, '-c', script);

/** Processes of this machine that have a word in their arguments: whatever is inside a sandbox is seen from outside. */
function processesWith(word: string): readonly string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    try {
      const said = readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(word);
      return said && alive(Number(pid));
    } catch {
      // Ended since it was listed.
      return false;
    }
  });
}

let count = 0;
const newWord = () => `word-${process.pid}-${(count += 1)}`;

behindWall('a process in a sandbox that ends by itself', () => {
  test('tells its code and its output', async () => {
    const exit = await run(shell('echo out; echo err >&2; exit 3'), sandbox);
    expect(exit).toMatchObject({ cause: 'exited', code: 3, signal: null });
    expect(exit).toMatchObject({ stdout: 'out\n', stderr: 'err\n' });
  });

  test('tells the signal that ended it', async () => {
    const exit = await run(shell('kill -9 $$'), sandbox);
    expect(exit).toMatchObject({ cause: 'signalled', code: null, signal: 'SIGKILL' });
  });

  test('has the environment of its plan; nobody else shows it', async () => {
    const env = { PATH: process.env['PATH'] ?? '', TOKEN: 'secret-4711' };
    const script = `echo "$TOKEN"; cat /proc/1/environ /proc/1/cmdline; echo; env | cut -d= -f1 >&2`;
    const exit = await run(shell(script, { env }), sandbox);
    expect(exit.stdout.match(/secret-4711/g)).toHaveLength(1);
    expect(exit.stdout).not.toContain('PATH=');
    const names = exit.stderr.trim().split('\n').slice(-6);
    expect(names).toEqual(expect.arrayContaining(['PATH', 'TOKEN', 'HOME', 'FACTORY_PROCESS']));
  });

  test('holds no descriptor but its streams', async () => {
    const exit = await run(shell('ls /proc/$$/fd'), sandbox);
    // 10 is where a shell keeps its script's terminal, if anything.
    expect(exit.stdout.split('\n').filter((fd) => fd !== '' && fd !== '10')).toEqual([
      '0',
      '1',
      '2',
    ]);
  });

  test('reads stdin to its end, or leaves it', async () => {
    const stdin = 'é'.repeat(100_000);
    expect((await run(plan('echo.js', { stdin }), sandbox)).stdout).toBe(stdin);
    const deaf = await run(plan('deaf.js', { stdin: 'x'.repeat(5_000_000) }), sandbox);
    expect(deaf).toMatchObject({ cause: 'exited', code: 0, stdout: 'done\n' });
  });

  test('talks by messages', async () => {
    const got: unknown[] = [];
    const onMessage = (message: unknown) => got.push(message);
    const running = spawn(plan('echo.js', { ipc: true }), sandbox, { onMessage });
    running.send({ a: new Map([[1, 2]]) });
    running.send('end');
    expect((await running.ended).cause).toBe('exited');
    expect(got).toEqual([{ got: { a: new Map([[1, 2]]) } }, { got: 'end' }]);
  });
});

behindWall('a process in a sandbox that has to be ended', () => {
  const atFirstLine = (what: SpawnPlan, watch: Watch = {}) => {
    const running = spawn(what, sandbox, { ...watch, onLine: () => void running.stop() });
    return running.ended;
  };

  test('is asked first, and killed if it does not listen', async () => {
    expect(
      await atFirstLine(
        shell('trap "echo bye; exit 7" TERM; echo up; while :; do sleep 0.1; done'),
      ),
    ).toMatchObject({
      cause: 'stopped',
      code: 7,
      stdout: 'up\nbye\n',
    });
    expect(await atFirstLine(plan('forever.js'))).toMatchObject({
      cause: 'stopped',
      signal: 'SIGTERM',
    });
    expect(await atFirstLine(plan('ignore-term.js'))).toMatchObject({
      cause: 'stopped',
      signal: 'SIGKILL',
    });
  });

  test('is ended by the wall clock, for its silence, or as a flood', async () => {
    const limits = { graceMs: 300 };
    const wall = await run(plan('forever.js', { limits: { ...limits, wallMs: 100 } }), sandbox);
    expect(wall).toMatchObject({ cause: 'wall', summary: 'took longer than 100 ms' });
    const quiet = shell('echo up; sleep 100', { limits: { ...limits, idleMs: 1000 } });
    expect(await run(quiet, sandbox)).toMatchObject({ cause: 'idle', stdout: 'up\n' });
    const much = plan('flood.js', {
      limits: { ...limits, floodBytes: 3_000_000, keepBytes: 1000 },
    });
    const flood = await run(much, sandbox);
    expect(flood).toMatchObject({ cause: 'flood', summary: 'wrote more than 2.9 MiB' });
    expect(flood.stdout).toHaveLength(1000);
  });

  test.each([0, 2, 5, 10, 20, 40])('leaves nothing when it is stopped after %i ms', async (ms) => {
    const word = newWord();
    const running = spawn(shell(`trap '' TERM; sleep 600 & wait # ${word}`), sandbox);
    await new Promise((resolve) => setTimeout(resolve, ms));
    const exit = await running.stop();
    expect(exit.cause).toBe('stopped');
    expect(processesWith(word)).toEqual([]);
  });
});

behindWall('what a process in a sandbox leaves behind', () => {
  test('ends with it: sessions of their own, double forks, ignored signals', async () => {
    const word = newWord();
    const stubborn = `sh -c "trap '' TERM HUP INT; echo up; sleep 600; exit" ${word} &`;
    const exit = await run(
      shell(
        `(setsid ${stubborn}) ; (setsid sh -c '(${stubborn.replaceAll("'", `'"'"'`)}) &') ; sleep 0.3; echo left`,
      ),
      sandbox,
    );
    expect(exit.stdout).toBe('up\nup\nleft\n');
    expect(exit).toMatchObject({ cause: 'exited', code: 0 });
    expect(processesWith(word)).toEqual([]);
  });

  test('cannot hold up its end by keeping its output open', async () => {
    const exit = await run(plan('escape.js', {}, 'holding'), sandbox);
    expect(exit).toMatchObject({ cause: 'exited', code: 0 });
    expect(exit.stdout).toMatch(/child \d+/);
  });
});

behindWall('a process that cannot be started in a sandbox', () => {
  const why = async (what: SpawnPlan) => {
    const exit = await run(what, sandbox);
    expect(exit).toMatchObject({ cause: 'not_started', code: null, signal: null });
    return exit.summary.replace('could not be started: ', '');
  };

  test('is a value with a sentence', async () => {
    expect(await why(plan('no-such-program'))).toBe(
      'there is no program no-such-program on the PATH in its sandbox',
    );
    expect(await why(plan('missing.js'))).toBe(`there is no file ${here}missing.js`);
    expect(await why(plan('sh', { view: {} }))).toBe(
      `the folder ${here} does not exist in its sandbox`,
    );
    expect(await why(plan('echo.js', { view: {}, cwd: '/' }))).toMatch(
      /is not visible in its sandbox$/,
    );
    expect(await why(plan(`${here}plain.txt`))).toMatch(/permission .* denied/);
    expect(await why(plan('sh', { view: { read: [here, '/no/such/place'] } }))).toBe(
      'its sandbox is to show /no/such/place, which does not exist',
    );
    expect(await why(plan('echo', {}, 'x'.repeat(5_000_000)))).toMatch(/too long/);
  });

  test('is not one that only says so', async () => {
    const exit = await run(
      shell(
        'echo "setpriv: failed to execute x: No such file or directory" >&2; echo mine >&2; exit 127',
      ),
      sandbox,
    );
    expect(exit).toMatchObject({ cause: 'exited', code: 127 });
  });
});
