import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from '../../process/index.ts';
import { CLEAN } from '../branch/clean.ts';
import { describeHarvest } from '../landing/harvested.ts';
import { writeCommit } from '../landing/objects.ts';
import { copySmall } from './copy-small.ts';
import type { Repository, Spares, Template } from '../store.ts';

/** One copy of a template, made before somebody needs it, where workspaces are copies. Whoever finds none copies for himself. */
export class SpareCopy implements Spares {
  #spare: { readonly clean: string; readonly dir: Promise<string | null> } | null = null;

  async take(clean: string): Promise<string | null> {
    if (this.#spare?.clean !== clean) return null;
    const { dir } = this.#spare;
    this.#spare = null;
    return dir;
  }

  async make(repo: Repository, template: Template): Promise<void> {
    const { clean } = template;
    // In a sandbox workspaces are overlays, or belong to another user.
    if (repo.sandbox.kind !== 'none' || this.#spare?.clean === clean) return;
    const old = this.#spare;
    const dir = copyOf(repo, template.dir);
    this.#spare = { clean, dir };
    await discard(old?.dir);
    await dir;
  }

  async clear(): Promise<void> {
    const old = this.#spare;
    this.#spare = null;
    await discard(old?.dir);
  }
}

async function discard(dir: Promise<string | null> | undefined): Promise<void> {
  const path = (await dir) ?? null;
  if (path !== null) await removeTree(path);
}

/** Null where it is not small, or could not be made: who needs one then makes it, and tells why it cannot. */
async function copyOf(repo: Repository, from: string): Promise<string | null> {
  const dir = join(repo.scratch, 'workspaces', `spare-${randomUUID()}`);
  try {
    await mkdir(dir, { recursive: true });
    if (await copySmall(from, dir)) return dir;
  } catch {
    // As above.
  }
  await removeTree(dir);
  return null;
}

/** Gets ready for the next workspace on the base of this one. */
export async function prepareAnother(repo: Repository, clean: string): Promise<void> {
  const loan = await repo.templates.lend(repo, clean);
  if (!loan.ok) return;
  try {
    await repo.spares.make(repo, loan.value.template);
  } finally {
    loan.value.giveBack();
  }
}

/**
 * Gets ready for a workspace on top of work that is about to land: where nobody else lands meanwhile, the files of the work are those of the
 * next base. Whoever finds that it came otherwise makes his own.
 */
export async function prepareNext(repo: Repository, harvest: string): Promise<void> {
  const harvested = await describeHarvest(repo, harvest);
  if (!harvested.ok) return;
  const { tree } = harvested.value;
  const clean = await writeCommit(repo, { ...CLEAN, tree });
  if (!clean.ok) return;
  repo.known.trees.set(clean.value, tree);
  repo.known.clean.set(clean.value, Promise.resolve(clean));
  await prepareAnother(repo, clean.value);
}
