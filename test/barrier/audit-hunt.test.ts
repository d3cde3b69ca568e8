import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import {
  disposeWorkspace,
  holdoutsOf,
  hunt,
  makeWorkspace,
  openBranch,
  openSandbox,
  plantCanary,
} from '../../src/barrier/index.ts';
import type { Repository } from '../../src/barrier/index.ts';
import type { Hunt } from '../../src/domain/index.ts';
import type { Sandbox, View } from '../../src/process/index.ts';
import { behindWall } from '../rig/sandbox.ts';
import { BRANCH, DATE, good, PATH, Rig, SPEC, task } from './rig.ts';

const NONE: Sandbox = { kind: 'none' };

const walled = async (rig: Rig): Promise<Sandbox> =>
  good(
    await openSandbox({
      platform: process.platform,
      user: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
      path: PATH,
      node: process.execPath,
      folder: join(rig.root, 'sandbox'),
      hidden: [rig.project, rig.scratch],
    }),
  );

const SCENARIO = `.start/specs/${SPEC}/scenarios/first-part/moon.md`;

/** A hunt from the place of a code agent, whose view `more` opens further. */
async function huntIn(
  rig: Rig,
  sandbox: Sandbox,
  more: (repo: Repository) => View = () => ({}),
): Promise<Hunt> {
  rig.commit();
  const repo = good(await rig.open('branch', { sandbox }));
  const { head } = good(
    await openBranch(repo, { branch: BRANCH, specDir: rig.specDir, date: DATE }),
  );
  const runDir = join(rig.project, '.factory/runs/x');
  mkdirSync(runDir, { recursive: true });
  const workspace = good(await makeWorkspace(repo, task(head)));
  const file = join(rig.project, SCENARIO);
  const opened = more(repo);
  const { view } = workspace;
  try {
    return good(
      await hunt(
        {
          canary: good(await plantCanary(repo, runDir)),
          place: {
            cwd: workspace.dir,
            home: workspace.home,
            view: {
              ...view,
              read: [...(view.read ?? []), ...(opened.read ?? [])],
              write: [...(view.write ?? []), ...(opened.write ?? [])],
              routes: opened.routes ?? [],
            },
          },
          files: new Map([
            [createHash('sha256').update(readFileSync(file)).digest('hex'), SCENARIO],
          ]),
          objects: good(await holdoutsOf(repo)),
          paths: [rig.project, repo.gitDir, runDir],
          node: process.execPath,
          path: PATH,
          platform: process.platform,
          sandbox,
          scratch: repo.scratch,
          marker: 'hunt-test',
        },
        new AbortController().signal,
      ),
    );
  } finally {
    await disposeWorkspace(workspace);
  }
}

test('without a wall the canary and the scenarios are found by every way there is', async () => {
  using rig = new Rig();
  const { tier, argv, found } = await huntIn(rig, NONE);
  expect([tier, argv]).toEqual(['advisory', null]);
  expect(new Set(found.map(({ by }) => by))).toEqual(
    new Set(['file', 'git', 'process', 'socket', 'loopback', 'path']),
  );
  expect(found.map(({ what }) => what)).toContain(`the whole of ${SCENARIO}`);
  expect(found.filter(({ by }) => by === 'git').map(({ what }) => what)).toContain(
    'the planted canary',
  );
  // What is told of it never holds what was hunted.
  expect(JSON.stringify(found)).not.toMatch(/fcanary/);
});

behindWall('behind the wall', () => {
  test('inside the sandbox of a code agent nothing is found', async () => {
    using rig = new Rig();
    const { tier, argv, found, complete, looked, shown } = await huntIn(rig, await walled(rig));
    expect({ tier, found, complete }).toEqual({ tier: 'bwrap', found: [], complete: true });
    expect(argv).toMatch(/^[0-9a-f]{64}$/);
    // It did look: at its own files, the objects of the template, and processes.
    expect(looked.files).toBeGreaterThan(5);
    expect(looked.objects).toBeGreaterThan(2);
    expect(looked.processes).toBeGreaterThan(0);
    expect(shown.some((path) => path.startsWith(rig.project))).toBe(false);
  });

  test.each<[string, (rig: Rig) => (repo: Repository) => View, string[]]>([
    [
      'a folder with the scenario',
      (rig) => () => ({ read: [dirname(join(rig.project, SCENARIO))] }),
      ['file'],
    ],
    ['the repository', () => (repo) => ({ read: [repo.gitDir] }), ['git', 'path']],
    [
      'the run folder',
      (rig) => () => ({ read: [join(rig.project, '.factory')] }),
      ['file', 'path'],
    ],
  ])('a sandbox with a hole is caught: %s', async (_, hole, ways) => {
    using rig = new Rig();
    const { found } = await huntIn(rig, await walled(rig), hole(rig));
    expect(found.map(({ by }) => by)).toEqual(expect.arrayContaining(ways));
  });
});

test('a hunter that does not answer has proven nothing', async () => {
  using rig = new Rig();
  const silent: Sandbox = {
    kind: 'bwrap',
    enclose: (plan) => ({ command: ['true'], options: [], env: plan.env, inside: ['true'] }),
  };
  await expect(huntIn(rig, silent)).rejects.toThrow(/did not come to its end|could not/);
});
