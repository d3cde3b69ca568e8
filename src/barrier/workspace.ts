import { createHash } from 'node:crypto';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok } from '../domain/index.ts';
import type { Problem, Result } from '../domain/index.ts';
import { removeTree } from '../process/index.ts';
import { copyTrees } from './copy.ts';
import { gitProblem, succeeded } from './git.ts';
import { describeHarvest } from './harvested.ts';
import type { Layer } from './install.ts';
import { mergeTrees } from './merge.ts';
import { excludeLine, inPlain } from './store.ts';
import type { Repository, Template } from './store.ts';

export interface WorkspaceTask {
  /** Id of the run: a later one counts attempts from 1 again, and must not let go of what this one kept. */
  readonly run: string;
  /** Names the workspace; never shown to the agent. */
  readonly spec: string;
  readonly unit: string;
  readonly attempt: number;
  /** Commit of the run branch to work on. */
  readonly base: string;
  /** The unit's own harvested commit whose landing conflicted, or null. */
  readonly conflict: string | null;
  /** Installed dependencies, or null. */
  readonly layer: Layer | null;
}

/** A blind workspace: files of the base and one commit, nothing else. */
export interface Workspace {
  /** The agent's working directory. */
  readonly dir: string;
  /** The clean commit its work is measured against. */
  readonly clean: string;
  /** Our git directory for the harvest, out of the agent's reach. */
  readonly harvestDir: string;
  /** Names what the layer brought, which is no work; null without a layer. */
  readonly excludeFile: string | null;
  /** Files that hold conflict markers, or were in conflict in another way; empty without a conflict. */
  readonly conflicts: readonly string[];
  /** Kept reachable under this ref. */
  readonly keepRef: string;
}

/** Makes the workspace of one code run, replacing what an earlier process left of it. */
export const makeWorkspace = (
  repo: Repository,
  task: WorkspaceTask,
): Promise<Result<Workspace, Problem>> =>
  repo.templates.with(repo, task.base, (template) => copyTemplate(repo, task, template));

async function copyTemplate(
  repo: Repository,
  task: WorkspaceTask,
  { clean, dir: from }: Template,
): Promise<Result<Workspace, Problem>> {
  const name = workspaceName(task);
  const dir = join(repo.scratch, 'workspaces', name);
  const harvestDir = join(repo.scratch, 'harvest', name);
  await Promise.all([dir, harvestDir].map(removeTree));
  await Promise.all([dir, harvestDir].map((path) => mkdir(path, { recursive: true })));

  const exclude = (task.layer?.entries ?? []).map((path) => `${excludeLine(path)}\n`).join('');
  const [copied] = await Promise.all([
    copyTrees(repo, [from, ...(task.layer === null ? [] : [task.layer.dir])], dir),
    writeFile(join(harvestDir, 'HEAD'), `${clean}\n`),
    copyFile(join(from, '.git/index'), join(harvestDir, 'index')),
  ]);
  if (!copied.ok) return copied;
  const excludeFile = exclude === '' ? null : join(harvestDir, 'exclude');
  if (excludeFile !== null) {
    await mkdir(join(dir, '.git/info'), { recursive: true });
    const files = [excludeFile, join(dir, '.git/info/exclude')];
    await Promise.all(files.map((file) => writeFile(file, exclude)));
  }
  const ref = keepRef(task);
  const workspace = { dir, clean, harvestDir, excludeFile, conflicts: [], keepRef: ref };
  return task.conflict === null ? ok(workspace) : withConflict(repo, workspace, task.conflict);
}

/** Puts the unit's own work over the base, with conflict markers where both changed the same lines. */
async function withConflict(
  repo: Repository,
  workspace: Workspace,
  commit: string,
): Promise<Result<Workspace, Problem>> {
  const own = await describeHarvest(repo, commit);
  if (!own.ok) return own;
  const merged = await mergeTrees(repo, {
    base: own.value.base,
    ours: `${workspace.clean}^{tree}`,
    theirs: commit,
  });
  if (!merged.ok) return merged;
  // An index of its own: the harvest still measures against the clean base.
  const index = join(workspace.harvestDir, 'conflict-index');
  await copyFile(join(workspace.harvestDir, 'index'), index);
  const written = await repo.git(['read-tree', '-u', '--reset', merged.value.tree], {
    at: { ...inPlain(repo), cwd: workspace.dir, workTree: workspace.dir, index },
  });
  if (!succeeded(written)) return err(gitProblem('The conflict could not be written', written));
  return ok({ ...workspace, conflicts: merged.value.conflicts });
}

/** Removes a workspace whose work is harvested. */
export async function disposeWorkspace(workspace: Workspace): Promise<void> {
  await Promise.all([workspace.dir, workspace.harvestDir].map(removeTree));
}

/** Says nothing of spec or unit: the agent sees its own directory's name. */
const workspaceName = ({ spec, unit, attempt }: WorkspaceTask): string =>
  createHash('sha256')
    .update(JSON.stringify([spec, unit, attempt]))
    .digest('hex')
    .slice(0, 12);

const keepRef = ({ run, spec, unit, attempt }: WorkspaceTask): string =>
  `refs/factory/${refPart(spec)}/${refPart(run)}/${refPart(unit)}/${attempt}`;

/** Unit ids may hold what a ref may not (`..`, a dot or `.lock` at the end). */
const refPart = (text: string): string =>
  text
    .replace(/[^\p{L}\p{N}._-]/gu, '-')
    .replaceAll('..', '.-')
    .replace(/^\.|\.$|\.lock$/g, '-');
