import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { gitRunner } from '../git.ts';
import type { OwnGit } from '../own-git.ts';
import { locate } from '../repository.ts';
import { located, privateDir } from '../workspace/snapshot.ts';
import type { Readable } from './again.ts';

/** Opens the repository of an earlier run to look into it, whatever state the checkout is in. Changes nothing in it. */
export async function openForReading(of: {
  readonly project: string;
  readonly mode: 'branch' | 'none';
  /** Where copies may lie for as long as they are compared. */
  readonly scratch: string;
  readonly path: string;
  readonly own: OwnGit;
  /** Folders that the run hid. */
  readonly hidden: readonly string[];
  /** Stands for the checkout where there is none. */
  readonly head: string;
}): Promise<Result<Readable, Problem>> {
  const { git, script } = gitRunner({
    path: of.path,
    sandbox: { kind: 'none' },
    shell: null,
    spawned: () => undefined,
  });
  const place =
    of.mode === 'branch'
      ? await locate(of.project, of.own, git)
      : ok(located(privateDir(of.project), of.head));
  if (!place.ok) return place;
  const { gitDir, objectFormat, head } = place.value;
  await mkdir(of.scratch, { recursive: true });
  return ok({
    git,
    script,
    gitDir,
    objectFormat,
    head,
    objects: join(gitDir, 'objects'),
    scratch: of.scratch,
    project: of.project,
    hidden: new Set(of.hidden),
  });
}
