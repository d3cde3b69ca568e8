import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Ended, Project } from '../rig/project.ts';
import {
  CAN_MOUNT,
  expectEnd,
  expectRecovery,
  MANIFEST,
  program,
  shell,
  SPEC,
  shutIn,
  tiny,
  UNPRIVILEGED,
} from './bad-rig.ts';

/** Runs the tiny spec where `prepare` has mounted something of its own. */
const within = (project: Project, prepare: string, flags = ''): Promise<Ended> =>
  shell(project, 'exec unshare -rm sh -c "$INSIDE"', {
    INSIDE: `${prepare} && exec $F run 001 --agent "$GOOD" --retries 0 ${flags}`,
  });

const DISK = (folder: string, size: string): string =>
  `mkdir -p "$ROOT/${folder}" && mount -t tmpfs -o size=${size} none "$ROOT/${folder}"`;

/** A tiny disk on which nothing but a little room is left. */
const fill = (folder: string, left: string): string =>
  `(dd if=/dev/zero of="$ROOT/${folder}/ballast" bs=4k 2>/dev/null; truncate -s -${left} "$ROOT/${folder}/ballast")`;

const FULL = /full|no space|out of disk|free disk space/i;

describe.skipIf(!CAN_MOUNT)('a full disk', () => {
  test.each([
    ['from the start', '.factory', '0'],
    ['after a few events', '.factory', '8k'],
    ['in the midst of the work', '.factory', '24k'],
  ])('under .factory, %s', async (_, folder, left) => {
    await using project = await shutIn();
    const place = `project/${folder}`;
    const ended = await within(project, `${DISK(place, '256k')} && ${fill(place, left)}`);
    expectEnd(ended, 75, FULL);
    expect(await project.read(MANIFEST)).toContain('- [ ]');
    await expectRecovery(project);
  });

  test.each(['0', '40k', '72k'])('under the cache folder, with %s left', async (left) => {
    await using project = await shutIn('pinger');
    const ended = await within(project, `${DISK('cache', '2m')} && ${fill('cache', left)}`);
    expectEnd(ended, 75, FULL);
    await expectRecovery(project);
  });

  test('under the whole project: with room again, the same command ends it', async () => {
    await using project = await shutIn();
    const ended = await shell(project, 'exec unshare -rm sh -c "$INSIDE"', {
      INSIDE: `cp -r ../project ../copy && ${DISK('project', '4m')} && cp -r ../copy/. ../project && cd "$ROOT/project"
        echo ballast >> .git/info/exclude
        ${fill('project', '100k')}
        $F run 001 --agent "$GOOD" --retries 0; echo "first: $?" >&2
        rm ballast
        $F run 001 --agent "$GOOD" && git fsck --strict --no-dangling && grep -q '\\[x\\] greeter' ${MANIFEST}`,
    });
    expectEnd(ended, 0, FULL, 'first: 75', 'completed');
  });

  test('that an agent has filled', async () => {
    await using project = await shutIn();
    const agent = program('coder.mjs', 'fillDisk');
    const ended = await within(
      project,
      DISK('cache', '2m'),
      `--agent "${agent}" --evaluator "$GOOD"`,
    );
    expectEnd(ended, 75, FULL);
    await expectRecovery(project);
  });
});

describe.skipIf(!CAN_MOUNT)('a folder that may only be read', () => {
  const readOnly = (folder: string) =>
    `mount --bind "$ROOT/${folder}" "$ROOT/${folder}" && mount -o remount,bind,ro "$ROOT/${folder}"`;

  test('the spec', async () => {
    await using project = await tiny();
    const ended = await within(project, readOnly(`project/${SPEC}`));
    expectEnd(ended, 75, /manifest\.md.*read-only/, /implement-factory run 001-tiny/);
    expect(await project.read(MANIFEST)).toContain('- [ ]');
    await expectRecovery(project);
  });

  test('the project', async () => {
    await using project = await tiny();
    const ended = await within(project, readOnly('project'));
    expectEnd(ended, 75, /\.factory.*\n.*(accessible|copy)/);
    expect(await readdir(project.dir)).not.toContain('.factory');
    await expectRecovery(project);
  });

  test('the cache', async () => {
    await using project = await tiny();
    await mkdir(join(project.root, 'cache'));
    const ended = await within(project, readOnly('cache'));
    expectEnd(ended, 75, /cache\/implement-factory.*\n.*XDG_CACHE_HOME/);
    await expectRecovery(project);
  });
});

describe.skipIf(UNPRIVILEGED === null)('a folder that belongs to somebody else', () => {
  const run = (project: Project) =>
    shell(project, `exec ${UNPRIVILEGED} $F run 001 --agent "$GOOD" --retries 0`);

  test('the spec', async () => {
    await using project = await tiny();
    await chmod(join(project.dir, SPEC), 0o555);
    const ended = await run(project);
    await chmod(join(project.dir, SPEC), 0o755);
    expectEnd(ended, 75, /manifest\.md.*permission denied/);
    await expectRecovery(project);
  });

  test('the cache', async () => {
    await using project = await tiny();
    await mkdir(join(project.root, 'cache'), { mode: 0o500 });
    expectEnd(await run(project), 75, /cache\/implement-factory.*\n.*XDG_CACHE_HOME/);
    await chmod(join(project.root, 'cache'), 0o755);
    await expectRecovery(project);
  });
});
