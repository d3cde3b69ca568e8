import { join } from 'node:path';
import { ok } from '../../domain/index.ts';
import type { BaseAudit, Problem, Result } from '../../domain/index.ts';
import { treeOfCommit } from '../branch/clean.ts';
import { inPlain } from '../store.ts';
import type { Repository } from '../store.ts';
import { openObjects } from './child/object-store.ts';
import type { Holdouts } from './history.ts';
import { saysSomething } from './texts.ts';

/**
 * Looks into the object store that an agent on `base` gets, and counts the holdouts in it. Reads the files of the store itself: no
 * setting of git can hide an object from it.
 */
export const auditStore = (
  repo: Repository,
  base: string,
  holdouts: Holdouts,
): Promise<Result<Omit<BaseAudit, 'hunt'>, Problem>> =>
  repo.templates.with(repo, base, async ({ clean, dir }) => {
    const tree = await treeOfCommit(repo, clean);
    if (!tree.ok) return tree;
    const store = openObjects(join(dir, '.git/objects'));
    const shared: BaseAudit['shared'] = [];
    for (const [blob, holdout] of holdouts)
      if (store.has(blob) && saysSomething(await textOf(repo, blob)))
        shared.push({ blob, holdout });
    return ok({
      base,
      clean,
      tree: tree.value,
      hidden: [...repo.hidden].toSorted(),
      objects: store.count,
      holdouts: holdouts.size,
      shared,
    });
  });

const textOf = async (repo: Repository, blob: string): Promise<string> =>
  (await repo.git(['cat-file', 'blob', blob], { at: inPlain(repo) })).stdout;
