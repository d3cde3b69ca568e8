import { cp, readdir } from 'node:fs/promises';
import { err, ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { copySmall } from './copy-small.ts';
import type { Repository } from '../store.ts';

const WALL_MS = 10 * 60 * 1000;

/** Copies the contents of folders, one over the other, into `to` (made by it): links stay links, and blocks are shared where the file system can. */
export async function copyTrees(
  repo: Repository,
  from: readonly string[],
  to: string,
): Promise<Result<null, Problem>> {
  const [only] = from;
  // Where processes run as another user, folders are given to it, which `cp` keeps.
  const isOurs = repo.sandbox.kind === 'none' || repo.sandbox.owner === undefined;
  if (
    only !== undefined &&
    from.length === 1 &&
    isOurs &&
    (await isEmpty(to)) &&
    (await copySmall(only, to))
  )
    return ok(null);
  repo.count.spawns += 1;
  const exit = await repo.shell.run({
    label: 'copy of the workspace',
    command: ['cp', '-a', '--reflink=auto', '--', ...from.map((dir) => `${dir}/.`), to],
    cwd: repo.scratch,
    env: { PATH: repo.path, LC_ALL: 'C.UTF-8' },
    limits: { wallMs: WALL_MS },
  });
  if (exit.cause === 'exited' && exit.code === 0) return ok(null);
  // Another cp than GNU's: the same by Node, slower.
  if (
    /reflink|illegal option|unrecognized option/.test(exit.stderr) ||
    exit.cause === 'not_started'
  ) {
    for (const dir of from) {
      await cp(dir, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    }
    return ok(null);
  }
  return err({
    where: to,
    what: `The workspace could not be copied: cp ${exit.summary} (${exit.stderr.trim().split('\n').at(-1) ?? ''})`,
    remedy: 'Look at free disk space and permissions of the scratch folder, then run again.',
  });
}

const isEmpty = (dir: string): Promise<boolean> =>
  readdir(dir).then(
    (names) => names.length === 0,
    () => false,
  );
