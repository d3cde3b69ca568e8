import { createHash } from 'node:crypto';
import { copyFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { removeTree } from '../../process/index.ts';
import { treeOfCommit } from '../branch/clean.ts';
import { writeConflict } from '../landing/conflict.ts';
import { copyTrees } from './copy.ts';
import { handOverFew } from '../landing/hand-over.ts';
import type { Layer } from './layer.ts';
import { canOverlay, makeOverlay } from './overlay.ts';
import { excludeLine } from '../store.ts';
import type { Loan, Repository, Template } from '../store.ts';
import type { Workspace, WorkspaceTask } from './workspace.ts';

/** Makes the workspace of one code run, replacing what an earlier process left of it. */
export async function makeWorkspace(
  repo: Repository,
  task: WorkspaceTask,
): Promise<Result<Workspace, Problem>> {
  const loan = await repo.templates.lend(repo, task.base);
  if (!loan.ok) return loan;
  let made: Result<Workspace, Problem> | null = null;
  try {
    made = await makeFrom(repo, task, loan.value);
    return made;
  } finally {
    if (made?.ok !== true) loan.value.giveBack();
  }
}

async function makeFrom(
  repo: Repository,
  task: WorkspaceTask,
  { template, giveBack }: Loan,
): Promise<Result<Workspace, Problem>> {
  const { clean, dir: from } = template;
  const cleanTree = await treeOfCommit(repo, clean);
  if (!cleanTree.ok) return cleanTree;
  const place = join(repo.scratch, 'workspaces', workspaceName(task));
  const harvestDir = join(place, 'harvest');
  const home = join(place, 'home');
  await removeTree(place);
  const tree = await showTemplate(repo, { template, layer: task.layer, place });
  if (!tree.ok) return tree;
  await Promise.all(
    [home, join(harvestDir, 'objects/pack')].map((path) => mkdir(path, { recursive: true })),
  );
  const exclude = (task.layer?.entries ?? []).map((path) => `${excludeLine(path)}\n`).join('');
  const excludeFile = exclude === '' ? null : join(harvestDir, 'exclude');
  const info = join(tree.value.written, '.git/info');
  if (excludeFile !== null) await mkdir(info, { recursive: true });
  await Promise.all([
    writeFile(join(harvestDir, 'HEAD'), `${clean}\n`),
    copyFile(join(from, '.git/index'), join(harvestDir, 'index')),
    ...(excludeFile === null
      ? []
      : [excludeFile, join(info, 'exclude')].map((file) => writeFile(file, exclude))),
  ]);
  const { written, view } = tree.value;
  await handOverFew(repo, [
    harvestDir,
    home,
    ...(excludeFile === null ? [] : [join(written, '.git')]),
  ]);
  const workspace: Workspace = {
    ...tree.value,
    view: { ...view, write: [...(view.write ?? []), home] },
    home,
    clean,
    cleanTree: cleanTree.value,
    cleanObjects: join(from, '.git/objects'),
    harvestDir,
    excludeFile,
    conflicts: [],
    keepRef: keepRef(task),
    place,
    giveBack,
  };
  if (task.conflict === null) return ok(workspace);
  const conflicts = await writeConflict(repo, workspace, task.conflict);
  return conflicts.ok ? ok({ ...workspace, conflicts: conflicts.value }) : conflicts;
}

interface Showing {
  readonly template: Template;
  readonly layer: Layer | null;
  readonly place: string;
}

/** The template's files in a place of their own: shown through an overlay, or copied where that cannot be. */
async function showTemplate(
  repo: Repository,
  { template, layer, place }: Showing,
): Promise<Result<Pick<Workspace, 'dir' | 'view' | 'sources' | 'written'>, Problem>> {
  // What an install made may hold its absolute path.
  const read = layer === null ? [] : [layer.dir];
  const lower = [...read, template.dir];
  if (await canOverlay(repo)) {
    const overlay = await makeOverlay(repo, place, lower);
    const { at: dir, upper: written } = overlay;
    return ok({ dir, written, view: { overlay, read }, sources: [written, ...lower] });
  }
  const dir = join(place, 'project');
  const spare = layer === null ? await repo.spares.take(template.clean) : null;
  if (spare !== null) {
    await mkdir(place, { recursive: true });
    await rename(spare, dir);
    return ok({ dir, written: dir, view: { write: [dir], read }, sources: [dir] });
  }
  await mkdir(dir, { recursive: true });
  // The lowest first, as the others come over it.
  const copied = await copyTrees(repo, lower.toReversed(), dir);
  if (!copied.ok) return copied;
  return ok({ dir, written: dir, view: { write: [dir], read }, sources: [dir] });
}

/** Removes a workspace whose work is harvested. */
export async function disposeWorkspace(workspace: Workspace): Promise<void> {
  workspace.giveBack();
  await removeTree(workspace.place);
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
