import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { countTests, verify } from '../../src/evaluation/gate/verify.ts';

describe('countTests', () => {
  it.each([
    ['# tests 4\n# pass 3\n# fail 1\n', { passed: 3, failed: 1 }],
    ['ℹ pass 12\nℹ fail 0\n', { passed: 12, failed: 0 }],
    [' Test Files  1 passed (1)\n      Tests  1 failed | 3 passed (4)\n', { passed: 3, failed: 1 }],
    ['Tests:       2 failed, 5 passed, 7 total\n', { passed: 5, failed: 2 }],
    ['\u001b[32m===== 3 passed in 0.12s =====\u001b[0m\n', { passed: 3, failed: 0 }],
    ['test result: FAILED. 9 passed; 2 failed; 0 ignored\n', { passed: 9, failed: 2 }],
    ['  5 passing (8ms)\n', { passed: 5, failed: 0 }],
    ['all 3 tests passed, trust me\n', null],
  ])('reads %j', (output, count) => expect(countTests(output)).toEqual(count));
});

describe('verify', () => {
  const dirs: string[] = [];
  afterEach(async () => {
    await Promise.all(dirs.splice(0).map((dir) => rm(dir, { recursive: true, force: true })));
  });
  const verification = async (command: string, timeoutMs = 60_000) => {
    const dir = await mkdtemp(join(tmpdir(), 'verify-'));
    dirs.push(dir);
    return {
      command,
      dir,
      env: { PATH: process.env['PATH'] ?? '' },
      sandbox: { kind: 'none' } as const,
      timeoutMs,
      logFile: join(dir, 'logs', 'verify.log'),
      marker: 'verify-test',
    };
  };
  const never = new AbortController().signal;

  it('believes the exit code, never the words', async () => {
    const of = await verification('echo "# pass 3"; echo "# fail 0"; exit 1');
    expect(await verify(of, never)).toMatchObject({
      value: {
        step: { outcome: 'failed', tests: { passed: 3, failed: 0 } },
        seen: { outcome: 'failed', code: 1 },
      },
    });
    expect(await readFile(of.logFile, 'utf8')).toContain('# pass 3');
  });

  it('passes on exit code 0', async () => {
    expect(await verify(await verification('true'), never)).toMatchObject({
      value: { step: { outcome: 'passed' }, seen: null },
    });
  });

  it('fails tests that never end', async () => {
    expect(await verify(await verification('sleep 60', 500), never)).toMatchObject({
      value: { step: { outcome: 'failed' }, seen: { outcome: 'timeout' } },
    });
  });

  it('blames the machine for a program that is not there, and the product for a file of its own', async () => {
    expect(await verify(await verification('no-such-runner --all'), never)).toMatchObject({
      ok: false,
      error: { detail: expect.stringContaining('no program no-such-runner on the PATH') },
    });
    const missing = await verification('true');
    await rm(missing.dir, { recursive: true });
    const { logFile } = await verification('true');
    const moved = await verify({ ...missing, logFile }, never);
    expect(moved).toMatchObject({ ok: false });
    const inner = await verification('sh inner.sh');
    await writeFile(join(inner.dir, 'inner.sh'), 'no-such-program\n');
    for (const product of [inner, await verification('./no-such-script.sh')])
      expect(await verify(product, never)).toMatchObject({
        value: { seen: { outcome: 'failed', code: 127 } },
      });
  });
});
