import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  expectEnd,
  expectRecovery,
  leftovers,
  MANIFEST,
  program,
  runTiny,
  SPEC,
  shutIn,
  tiny,
} from './bad-rig.ts';

const author = (mode: string): readonly string[] => ['--evaluator', program('author.mjs', mode)];

describe('an author whose answer is of no use leaves a question, not a verdict', () => {
  test.each<[string, RegExp]>([
    ['prose', /says-hello/],
    ['nothing', /says-hello/],
    ['shape', /says-hello/],
    ['deep', /says-hello/],
    ['scenario', /wrote no check for it/],
  ])('%s', async (mode, says) => {
    await using project = await tiny('greeter', { checks: 'authored' });
    const ended = await runTiny(project, author(mode));
    expectEnd(ended, 3, says, /decide 001-tiny greeter --recheck/);
    expect(await project.read(MANIFEST)).toContain('- [ ]');
    expect(existsSync('/tmp/climbed')).toBe(false);
    expect(await leftovers(project)).toEqual([]);
  });

  test('checks that do not load, never end, kill themselves, flood, forge and climb', async () => {
    const reasons: Readonly<Record<string, RegExp>> = {
      empty: /default export/,
      syntax: /does not parse/,
      'no-export': /default export/,
      'foreign-import': /left-pad/,
      'throws-at-load': /cannot be loaded/,
      'uses-nothing': /without ever using the product/,
      never: /took longer than 1 s/,
      spins: /took longer than 1 s/,
      exits: /exited with code 0 without a verdict/,
      dies: /ended by SIGKILL without a verdict/,
      floods: /took longer than 1 s|wrote more than/,
      forges: /without a verdict|without ever using the product/,
      climbs: /outside the working folder/,
      nul: /NUL byte/,
      odd: /before it used the product/,
    };
    await using project = await shutIn();
    for (const name of Object.keys(reasons))
      await project.write(`${SPEC}/scenarios/greeter/${name}.md`, `# ${name}\n\nIt is so.\n`);
    await project.commit('More scenarios');
    const ended = await runTiny(project, [...author('broken'), '--attempt-timeout', '1']);
    expectEnd(ended, 3, /15 inconclusive/, /decide 001-tiny greeter --recheck/);
    const lines = ended.stderr.split('\n');
    for (const [name, reason] of Object.entries(reasons))
      expect(lines.find((line) => line.includes(`inconclusive: ${name} `))).toMatch(reason);
    // Its first answer, and two repairs of it.
    const run = /^Run folder: (.*)$/m.exec(ended.stderr)?.[1] ?? '';
    const calls = await readdir(join(run, 'transcripts', 'greeter'));
    expect(calls.filter((name) => name.startsWith('checks-'))).toHaveLength(3);
    expect(await leftovers(project)).toEqual([]);
  });
});

test.each(['fenced', 'leaves'])('an author that helps (%s) is understood', async (mode) => {
  await using project = await shutIn();
  expectEnd(await runTiny(project, author(mode)), 0, 'completed');
  expect(await leftovers(project)).toEqual([]);
});

test('a question is answered from another terminal, and the run goes on', async () => {
  await using project = await tiny('greeter', { checks: 'authored' });
  const asked =
    /asked its author 3 times; the last transcript: transcripts\/greeter\/checks-3-\d+\.ndjson/;
  expectEnd(await runTiny(project, author('prose')), 3, asked);
  expectEnd(await runTiny(project, author('prose')), 3);
  expect((await project.cli(['explain', '001', 'greeter'])).stdout).toMatch(asked);
  expectEnd(await project.cli(['decide', '001', 'greeter', '--recheck', 'nobody-knows']), 2);
  expectEnd(await project.cli(['decide', '001', 'greeter', '--recheck', 'says-hello']), 0);
  await expectRecovery(project);
});

test('a policy answers where nobody is asked', async () => {
  await using project = await tiny('greeter', { checks: 'authored' });
  expectEnd(await runTiny(project, [...author('prose'), '--on-escalate', 'abort']), 1);
  expect(await project.read(MANIFEST)).toContain('status: failed');
  await expectRecovery(project);
});
