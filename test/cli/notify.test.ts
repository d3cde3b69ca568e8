import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/domain/index.ts';
import { notifierFor } from '../../src/cli/telling/notify.ts';
import { worldOf } from '../../src/cli/world.ts';
import { multiplex } from '../../src/report/index.ts';
import { firstGroup, journal } from '../report/rig.ts';
import { scripted } from '../rig/minimal.ts';
import { Project } from '../rig/project.ts';

test('the hook gets the event on stdin at a question, the end of a group and the end, and no secret', async () => {
  await using project = await Project.minimal({ maxIterations: 1, wrong: { 1: 1 } });
  const heard = join(project.root, 'heard');
  const hook = `{ cat; echo "$FACTORY_MESSAGE|$FACTORY_SPEC|$MY_SECRET|$PWD"; } > ${heard}.$$`;
  await project.write('.start/factory.yaml', `notify: ${JSON.stringify(hook)}\n`);
  const call = async (...flags: string[]) => {
    const ended = await project.cli(['run', '--json', ...flags, ...scripted(project)], {
      env: { MY_SECRET: 'sesame' },
    });
    expect(ended.stderr).not.toContain('notify');
    return [ended.code, ended.stdout] as const;
  };
  const [code, stdout] = await call('--barrier', 'advisory');
  expect(code).toBe(3);
  const published = stdout.split('\n');
  const told = await Promise.all(
    (await readdir(project.root))
      .filter((name) => name.startsWith('heard.'))
      .map((name) => readFile(join(project.root, name), 'utf8')),
  );
  const types = told.map((text) => {
    const [line = '', extra] = text.split('\n');
    const event = JSON.parse(line) as RunEvent;
    expect(published).toContain(line);
    expect(extra).toMatch(/^001-signs: [^|]+\|001-signs\|\|/);
    expect(extra?.split('|').at(-1)).toBe(project.dir);
    return event.type;
  });
  expect(types.toSorted()).toEqual(['question.asked', 'run.paused']);
  expect((await project.cli(['decide', '001', 'sign-1', '--skip'])).code).toBe(0);
  // A flag wins over the file, and a hook that fails is told once, whatever it is called for.
  const broken = await project.cli([
    'run',
    '--barrier',
    'advisory',
    '--notify',
    'echo "no such channel" >&2; exit 3',
    ...scripted(project),
  ]);
  expect(broken.code).toBe(1);
  expect(broken.stderr.match(/notify command.*/g)).toEqual([
    'notify command exited with code 3: no such channel. The run does not mind; no more is said of it.',
  ]);
});

test('a hook that hangs, reads nothing and ignores signals ends at its limit, and nothing waits for it before', async () => {
  const said: string[] = [];
  const notifier = notifierFor(
    worldOf(process),
    {
      project: process.cwd(),
      log: { id: 'notify-test' },
      settings: { notify: "trap '' TERM; exec <&-; while :; do sleep 1; done" },
    },
    { warn: (line) => said.push(line), mostMs: 200 },
  );
  if (notifier === null) throw new Error('no notifier');
  const publisher = multiplex([notifier], (_, error) => said.push(String(error)));
  for (const event of journal(firstGroup)) publisher.publish(event);
  publisher.close();
  expect(said).toEqual([]);
  await notifier.settled();
  expect(said).toEqual([expect.stringMatching(/^The notify command .*200 ms.*\n$/)]);
});
