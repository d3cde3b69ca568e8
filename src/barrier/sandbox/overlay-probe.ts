import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree, run, type Sandbox } from '../../process/index.ts';
import { own } from './own.ts';

/** Whether an overlay can be made of folders in this one (an existing one): depends on the kernel and on the file system. */
export async function overlayWorks(sandbox: Sandbox, folder: string): Promise<boolean> {
  if (sandbox.kind === 'none') return false;
  const dir = await mkdtemp(join(folder, 'overlay-'));
  try {
    const [at, lower, upper, work] = ['at', 'lower', 'upper', 'work'].map((name) =>
      join(dir, name),
    ) as [string, string, string, string];
    for (const each of [at, lower, upper, work, join(lower, 'old')]) await mkdir(each);
    await own(sandbox, [dir]);
    // Writing, and the two things that only overlayfs's notes make possible: removing what is below, and putting another in its place.
    const script = 'echo x > new && rmdir old && mkdir old && touch old/x && test -f old/x';
    const exit = await run(
      {
        label: 'overlay probe',
        command: ['sh', '-c', script],
        cwd: at,
        env: { PATH: '/usr/bin:/bin' },
        view: { overlay: { at, lower: [lower], upper, work } },
        limits: { wallMs: 10_000 },
      },
      sandbox,
    );
    return exit.cause === 'exited' && exit.code === 0;
  } finally {
    await removeTree(dir);
  }
}
