import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { gitProblem, succeeded } from '../git.ts';
import { describeHarvest } from './harvested.ts';
import { handOver } from './hand-over.ts';
import { inWorkspace } from '../workspace/in-workspace.ts';
import { mergeTrees } from './merge.ts';
import { inPlain } from '../store.ts';
import type { Repository } from '../store.ts';
import type { Workspace } from '../workspace/workspace.ts';

/**
 * Puts the unit's own work over the base, with conflict markers where both changed the same lines. The value is the paths in conflict.
 * The merge is git's work on trusted data; it is written where the agent will see it, so from inside the sandbox.
 */
export async function writeConflict(
  repo: Repository,
  workspace: Workspace,
  commit: string,
): Promise<Result<readonly string[], Problem>> {
  const own = await describeHarvest(repo, commit);
  if (!own.ok) return own;
  const { clean, harvestDir } = workspace;
  const merged = await mergeTrees(repo, {
    base: own.value.base,
    ours: `${clean}^{tree}`,
    theirs: commit,
  });
  if (!merged.ok) return merged;
  const { tree, conflicts } = merged.value;
  const packed = await repo.git([...PACK, join(harvestDir, 'objects/pack/pack')], {
    at: inPlain(repo),
    input: `${tree}\n^${clean}^{tree}\n`,
  });
  if (!succeeded(packed)) return err(gitProblem('The conflict could not be packed', packed));
  // An index of its own: the harvest still measures against the clean base.
  const index = join(harvestDir, 'conflict-index');
  await copyFile(join(harvestDir, 'index'), index);
  await handOver(repo, [harvestDir]);
  const { at, view } = inWorkspace(repo, workspace, { readOnly: false });
  const written = await repo.git(['read-tree', '-u', '--reset', tree], {
    at: { ...at, index },
    view,
  });
  if (!succeeded(written)) return err(gitProblem('The conflict could not be written', written));
  return ok(conflicts);
}

/** What the merge has and the clean base has not. */
const PACK = ['pack-objects', '--revs', '-q', '--window=0', '--compression=1', '--threads=1'];
