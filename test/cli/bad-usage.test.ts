import { readdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BIN } from '../rig/project.ts';
import type { Project } from '../rig/project.ts';
import {
  CAN_MOUNT,
  expectEnd,
  expectNoBug,
  expectRecovery,
  leftovers,
  MANIFEST,
  shell,
  tiny,
} from './bad-rig.ts';

let project: Project;
beforeAll(async () => {
  project = await tiny();
});
afterAll(() => project[Symbol.asyncDispose]());

describe('usage', () => {
  const run = (...flags: string[]) => ['run', '001', ...flags];
  test.each<[readonly string[], RegExp]>([
    [['frobnicate'], /unknown command 'frobnicate'/],
    [[], /Usage: /],
    [run('--bogus'), /unknown option '--bogus'/],
    [run('and', 'more'), /too many arguments/],
    [run('--slots', '0'), /--slots.*at least 1.*`0`/],
    [run('--slots', '1.5'), /--slots.*whole number/],
    [run('--slots', '9'.repeat(400)), /--slots.*whole number/],
    [run('--retries', '-1'), /--retries.*at least 0/],
    [run('--agent-timeout', 'soon'), /--agent-timeout: Expected a number.*`soon`/],
    [run('--attempt-timeout', '0'), /--attempt-timeout.*above 0/],
    [run('--evaluation', 'perhaps'), /--evaluation.*`checks` or `report`/],
    [run('--git', 'svn'), /--git.*`branch` or `none`/],
    [run('--on-escalate', 'cry'), /--on-escalate.*`skip` or `abort`/],
    [run('--start', 'x', '--port', '65536'), /--port.*65535/],
    [run('--start', 'x', '--health', 'up'), /--health.*begins with `\/`/],
    [run('--port', '3000'), /--port: .*start command.*\n.*--start/],
    [run('--start', ''), /--start: Expected some text/],
    [run('--agent'), /--agent.*argument missing/],
    [run('--agent', ''), /--agent: Expected some text/],
    [run('--agent', 'gpt'), /agent "gpt".*\n.*claude, claude:<model>, codex, .*command:/],
    [run('--agent', 'command:'), /wants a program/],
    [run('--agent', 'command:x | y'), /shell syntax.*\n.*script/],
    [run('--agent', 'command:no-such-agent'), /`no-such-agent` is not there.*\n.*PATH/],
    [run('--agent', 'command:./no/such'), /no\/such` is not there.*\n.*PATH/],
    [run('--agent', 'scripted:./nowhere'), /nowhere: .*does not exist/],
    [run('--agent', 'claude:-x'), /no name of a model/],
    [['run', '999'], /no spec `999`.*001-tiny/],
    [['run', 'tinny'], /Did you mean `001-tiny`/],
    [['run', '../../../../etc/passwd'], /not a `manifest.md`/],
    [['run', '/'], /no manifest\.md/],
    [['run', 'a\0b'.replace('\0', '\n')], /no spec `a/],
    [['status', '999'], /no spec `999`/],
    [['decide', '001', 'greeter'], /No answer was given/],
    [['decide', '001', 'greeter', '--skip', '--abort'], /More than one answer/],
    [['decide', '001', 'greeter', '--skip'], /never run/],
    [['decide', '001', 'service', '--port', '80'], /--port belongs to --start/],
    [['finish', '001', '--merge'], /never run here.*\n.*run 001/],
    [['demo', '999'], /no such example.*\n.*001-bookshelf-service/],
    [['demo', '--dir', '.'], /not empty/],
    [['demo', '--dir', `${MANIFEST}/x`], /cannot be made.*\n.*does not exist yet/],
  ])('%j is refused', async (args, says) => {
    const ended = await project.cli(args);
    expectEnd(ended, 2, says);
    expect(ended.stdout).toBe('');
    expect(await readdir(project.dir)).not.toContain('.factory');
  });
});

describe('output that nobody takes', () => {
  const anew = async (): Promise<void> => {
    await project.git('checkout', '--quiet', '.');
    await project.git('branch', '-D', 'factory/001-tiny').catch(() => undefined);
  };

  test('a reader that leaves early does not end the run', async () => {
    const ended = await shell(
      project,
      '$F run 001 --agent "$GOOD" 2>&1 | head -1; echo "${PIPESTATUS[0]}" >&2',
    );
    expectNoBug(ended);
    expect(ended.stderr).toBe('0');
    expect(ended.stdout.split('\n')).toHaveLength(1);
    expect(await project.read(MANIFEST)).toContain('- [x]');
    expect(await leftovers(project)).toEqual([]);
    await anew();
  });

  test('nor do closed streams', async () => {
    const ended = await shell(project, '$F run 001 --json --agent "$GOOD" >&- 2>&- <&-');
    expectEnd(ended, 0);
    expect(await project.read(MANIFEST)).toContain('- [x]');
    await anew();
  });

  test('a reader of data may leave too', async () => {
    const line = (command: string) => `${command} | head -c 1; echo "\${PIPESTATUS[0]}" >&2`;
    for (const command of ['$F status 001 --json', '$F --help', '$F validate --json']) {
      const ended = await shell(project, line(command));
      expectNoBug(ended);
      expect(ended.stderr).toBe('0');
    }
  });

  test('data that a full disk does not take is not said to be written', async () => {
    for (const command of ['$F status 001 --json', '$F validate --json', '$F --help'])
      expectEnd(await shell(project, `${command} > /dev/full`), 75, /disk is full/);
    expectEnd(await shell(project, '$F validate 2> /dev/full'), 0);
  });

  test('and the next run comes to its end', () => expectRecovery(project));
});

const home = userInfo().homedir;
const homeIsNeeded = [process.execPath, BIN].some((file) => file.startsWith(`${home}/`));
test.skipIf(!CAN_MOUNT || homeIsNeeded)(
  'without HOME and with an empty cache folder a run comes to its end',
  async () => {
    await using bare = await tiny();
    const inside = `mount -t tmpfs none '${home}' && exec $F run 001 --agent "$GOOD"`;
    const ended = await shell(
      bare,
      `unset HOME; export XDG_CACHE_HOME=; exec unshare -rm sh -c "$INSIDE"`,
      {
        INSIDE: inside,
      },
    );
    expectEnd(ended, 0, 'completed');
  },
);
