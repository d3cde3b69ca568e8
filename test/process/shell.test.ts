import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Shell } from '../../src/process/index.ts';
import { alive } from './alive.ts';

let dir = '';
let shell: Shell;
const env = { PATH: process.env['PATH'] ?? '' };

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'shell it\'s "a" $folder '));
  shell = new Shell(join(dir, 'files'));
});

afterEach(async () => {
  shell.close();
  await rm(dir, { recursive: true, force: true });
});

const plan = (...command: [string, ...string[]]) => ({ label: command[0], command, cwd: dir, env });

test('a program runs in its folder with exactly its environment, input and output apart', async () => {
  const said = `it's "quoted" $HOME\n\`back\` \\ é`;
  const [echoed, failed, told] = await Promise.all([
    shell.run({ ...plan('cat'), stdin: said }),
    shell.run(plan('sh', '-c', 'echo out; echo "$1" >&2; exit 3', 'sh', said)),
    shell.run({ ...plan('env'), env: { ...env, SAID: said } }),
  ]);
  expect(echoed).toMatchObject({ cause: 'exited', code: 0, stdout: said, stderr: '' });
  expect(failed).toMatchObject({ cause: 'exited', code: 3, stdout: 'out\n', stderr: `${said}\n` });
  expect(told.stdout).toContain(`SAID=${said}\n`);
  expect(told.stdout).not.toMatch(/^HOME=/m);
  expect((await shell.run(plan('pwd'))).stdout).toBe(`${dir}\n`);
  expect((await shell.run(plan('cat'))).stdout).toBe('');
});

test('of long output the end is kept', async () => {
  const exit = await shell.run({
    ...plan('sh', '-c', 'printf 1234567890'),
    limits: { keepBytes: 4 },
  });
  expect(exit).toMatchObject({ cause: 'exited', stdout: '7890', cut: true });
});

test('a signal, a program that does not exist, and a folder that does not exist are told apart', async () => {
  expect(await shell.run(plan('sh', '-c', 'kill -9 $$'))).toMatchObject({
    cause: 'signalled',
    code: null,
    signal: 'SIGKILL',
  });
  const missing = await shell.run(plan('no-such-program'));
  expect(missing.cause).toBe('not_started');
  expect(missing.summary).toMatch(/there is no program no-such-program on the PATH/);
  const nowhere = await shell.run({ ...plan('pwd'), cwd: '/no/such folder' });
  expect(nowhere.summary).toMatch(/the folder \/no\/such folder does not exist/);
  // A script that does not find a program was started itself.
  const inner = await shell.run(plan('sh', '-c', 'no-such-program'));
  expect(inner).toMatchObject({ cause: 'exited', code: 127 });
});

test('a program that hangs ends at its wall clock, and the shell can be used again', async () => {
  const exit = await shell.run({ ...plan('sleep', '60'), limits: { wallMs: 100 } });
  expect(exit).toMatchObject({ cause: 'wall', code: null });
  expect((await shell.run(plan('echo', 'again'))).stdout).toBe('again\n');
});

test('a shell that is killed fails what it ran, and another takes its place', async () => {
  const killed = await shell.run(plan('sh', '-c', 'kill -9 $(ps -o ppid= -p $PPID); sleep 60'));
  expect(killed.cause).not.toBe('exited');
  expect((await shell.run(plan('echo', 'again'))).stdout).toBe('again\n');
});

test('hundreds of programs side by side keep their answers apart', async () => {
  const numbers = Array.from({ length: 200 }, (_, index) => String(index));
  const exits = await Promise.all(numbers.map((number) => shell.run(plan('echo', number))));
  expect(exits.map(({ stdout }) => stdout.trim())).toEqual(numbers);
});

test('once closed, its process ends', async () => {
  const parent = await shell.run(plan('sh', '-c', 'ps -o ppid= -p $PPID'));
  shell.close();
  expect(Number(parent.stdout)).toBeGreaterThan(1);
  await expect.poll(() => alive(Number(parent.stdout))).toBe(false);
});
