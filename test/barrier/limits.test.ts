import { arch, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { run } from '../../src/process/index.ts';
import { behindWall } from '../rig/sandbox.ts';
import { PATH, Rig, shutIn } from './rig.ts';

behindWall('what the sandbox leaves nobody', () => {
  const LIMITS =
    'cat /proc/self/oom_score_adj; ulimit -c; ulimit -u; ulimit -u 99999 || df -k --output=size /tmp | tail -1';

  test.each([
    ['this bwrap', false],
    ['one that cannot give a folder a size', true],
  ])('who only multiplies, or fills memory, comes to an end: %s', async (_, isOld) => {
    using rig = new Rig();
    const old = fileURLToPath(new URL('../fixtures/sandbox/old', import.meta.url));
    const sandbox = await shutIn(rig, isOld ? `${old}:${PATH}` : PATH);
    const exit = await run(
      { label: 'limits', command: ['bash', '-c', LIMITS], cwd: '/tmp', env: { PATH } },
      sandbox,
    );
    const [oom, core, processes, size] = exit.stdout.trim().split('\n').map(Number);
    expect([oom, core, processes, exit.code]).toEqual([500, 0, 4096, 0]);
    expect((size ?? 0) * 1024).toBeLessThan(totalmem() * (isOld ? 0.6 : 0.3));
  });

  /** `add_key` and `syslog`, by processor and as a program of the x32 kind would call them. */
  const CALLS: Readonly<Record<string, readonly [key: number, log: number]>> = {
    x64: [248, 103],
    arm64: [217, 116],
  };

  test.runIf(arch() in CALLS)(
    'the keys of a login, and the log of the kernel, are out of reach',
    async () => {
      using rig = new Rig();
      const [key = 0, log = 0] = CALLS[arch()] ?? [];
      const x32 = 0x40000000 + key;
      const tries = [key, x32].map((call) => `syscall(${call}, $t, $n, $v, 1, -4)`);
      const calls = [...tries, `syscall(${log}, 10, 0, 0)`];
      const script = calls.map((call) => `print ${call} < 0 ? $!{ENOSYS} + 0 : "reached", "\\n";`);
      const exit = await run(
        {
          label: 'calls',
          command: [
            'perl',
            '-MErrno',
            '-e',
            `my ($t, $n, $v) = ("user", "note", "x"); ${script.join('')}`,
          ],
          cwd: '/tmp',
          env: { PATH },
        },
        await shutIn(rig),
      );
      expect([exit.stderr, exit.stdout.trim()]).toEqual(['', calls.map(() => '38').join('\n')]);
    },
  );
});
