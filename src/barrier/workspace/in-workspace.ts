import { join } from 'node:path';
import type { View } from '../../process/index.ts';
import type { GitPlace } from '../git.ts';
import { harvestGitDir } from '../store.ts';
import type { Repository } from '../store.ts';
import type { Workspace } from './workspace.ts';

/**
 * How git works on the files of a workspace: with a git directory and an object store of ours, the objects of the clean base to read, and
 * nothing else of any repository in sight. Before the agent comes it may write; afterwards it reads only.
 */
export function inWorkspace(
  repo: Repository,
  { view: { overlay }, dir, cleanObjects, harvestDir, excludeFile }: Workspace,
  { readOnly }: { readonly readOnly: boolean },
): { readonly at: GitPlace; readonly view: View } {
  const commonDir = harvestGitDir(repo.scratch);
  const folder = overlay === undefined ? [dir] : [];
  return {
    at: {
      cwd: dir,
      gitDir: harvestDir,
      commonDir,
      objects: join(harvestDir, 'objects'),
      alternates: cleanObjects,
      workTree: dir,
      index: join(harvestDir, 'index'),
      ...(excludeFile !== null && { excludesFile: excludeFile }),
    },
    view: {
      ...(overlay !== undefined && { overlay: { ...overlay, readOnly } }),
      read: [commonDir, cleanObjects, ...(readOnly ? folder : [])],
      write: [harvestDir, ...(readOnly ? [] : folder)],
    },
  };
}
