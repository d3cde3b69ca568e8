import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Project } from '../rig/project.ts';
import {
  expectEnd,
  expectRecovery,
  leftovers,
  MANIFEST,
  program,
  runTiny,
  shutIn,
} from './bad-rig.ts';

const coder = (mode: string, ...extra: readonly string[]): readonly string[] => [
  '--agent',
  program('coder.mjs', mode, ...extra),
];

describe('an agent that fails, through no fault of the product', () => {
  let project: Project;
  beforeAll(async () => {
    project = await shutIn('greeter', { checks: 'stub' });
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test.each<[string, readonly string[], RegExp]>([
    ['hang', ['--agent-idle', '0.01'], /silent for 600 ms/],
    ['deaf', ['--agent-idle', '0.01'], /silent for 600 ms/],
    ['chatter', ['--agent-timeout', '0.02'], /took longer than 1\.2 s/],
    ['flood', [], /wrote more than 64 MiB/],
    ['signal', [], /ended by SIGSEGV/],
    ['exit', [], /exited with code 7/],
  ])('%s', async (mode, flags, says) => {
    const ended = await runTiny(project, [...coder(mode), ...flags]);
    expectEnd(ended, 75, says, /stopped, resumable/, /implement-factory run 001-tiny/);
    expect(await project.read(MANIFEST)).toContain('- [ ]');
    expect(await leftovers(project)).toEqual([]);
  });

  test('a script whose interpreter does not exist, or that is not executable', async () => {
    const script = join(project.root, 'agent');
    await writeFile(script, '#!/no/such/interpreter\n');
    const flags = ['--agent', `command:${script}`];
    expectEnd(await runTiny(project, flags), 2, /agent.*not there, or may not be executed/);
    await chmod(script, 0o755);
    expectEnd(
      await runTiny(project, flags),
      75,
      /interpreter that its first line names|interpreter that the first line of .* names/,
    );
  });

  test('and with one that works it comes to its end', () => expectRecovery(project));
});

describe('an agent whose work is odd', () => {
  test('trespassing is refused, told as a symptom, and nothing of it is executed', async () => {
    await using project = await shutIn('greeter', { checks: 'stub' });
    const proof = join(project.root, 'executed');
    const ended = await runTiny(project, coder('trespass', proof));
    expectEnd(ended, 0, /manifest\.md: files under \.start are not yours/, /absolute: .*leads out/);
    for (const name of ['.factory/x', 'upwards', 'CLAUDE.md', 'nested'])
      expect(ended.stderr).toContain(`${name}: `);
    expect(await readdir(project.root)).not.toContain('executed');
    const landed = await project.git('ls-tree', '-r', '--name-only', 'factory/001-tiny');
    expect(
      landed
        .split('\n')
        .filter((path) => !path.startsWith('.start/'))
        .toSorted(),
    ).toEqual(['greet.js', 'package.json']);
    expect(await leftovers(project)).toEqual([]);
  });

  test('one that deletes everything deletes nothing of the project', async () => {
    await using project = await shutIn('greeter', { checks: 'stub' });
    expectEnd(await runTiny(project, coder('deleteEverything')), 0, /iteration 2 of 2/);
    expect(await project.read('package.json')).toContain('tiny');
    expect(await project.git('status', '--porcelain')).not.toMatch(/^ ?D/m);
  });

  test('one that removes its own folder', async () => {
    await using project = await shutIn('greeter', { checks: 'stub' });
    const ended = await runTiny(project, coder('removeFolder'));
    expectEnd(ended, 75, /stopped, resumable/);
    await expectRecovery(project);
  });

  test('bytes that are no text, a large file, names of every kind and processes left behind: the run comes to its end', async () => {
    await using project = await shutIn('greeter', { checks: 'stub' });
    const ended = await runTiny(project, coder('bytes,binary,names,leaveProcesses'));
    expectEnd(ended, 0, 'completed');
    expect(await leftovers(project)).toEqual([]);
    const list = ['-c', 'core.quotePath=false', 'ls-tree', '-r', '--name-only'];
    const landed = (await project.git(...list, 'factory/001-tiny')).split('\n');
    expect(await project.git('cat-file', '-s', 'factory/001-tiny:blob.bin')).toBe('20971520');
    for (const name of ['-rf', '--help', 'ü ñ 漢字 🎉.txt', 'ordner/mit leerzeichen/ä/ö.txt'])
      expect(landed).toContain(name);
  });
});
