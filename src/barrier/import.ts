import { err, ok } from '../domain/index.ts';
import type { Problem, Result } from '../domain/index.ts';
import { gitProblem, ident, succeeded } from './git.ts';
import { inPlain } from './store.ts';
import type { Repository } from './store.ts';

export interface ImportedCommit {
  /** Git's raw date. */
  readonly date: string;
  readonly message: string;
  /** Null: a commit without history. */
  readonly parent: string | null;
  /** Lines of a fast-import commit (`M …`, `D …`). */
  readonly changes: string;
}

export interface Imported {
  readonly commit: string;
  readonly tree: string;
  /** Tree of the parent, null without one: the same as `tree` when nothing changed. */
  readonly parentTree: string | null;
}

/**
 * Makes one commit by `git fast-import`, which writes blobs, trees and the commit in a single process. The commit is reachable
 * from nothing but a scratch ref of the plain git directory: the caller puts it where it belongs.
 */
export async function importCommit(
  repo: Repository,
  { date, message, parent, changes }: ImportedCommit,
): Promise<Result<Imported, Problem>> {
  repo.count.imports += 1;
  const scratchRef = `refs/heads/import-${repo.count.imports}`;
  const stream = [
    'feature done\n',
    `commit ${scratchRef}\n`,
    'mark :1\n',
    `committer ${ident(date)}\n`,
    `data ${Buffer.byteLength(message)}\n${message}\n`,
    parent === null ? '' : `from ${parent}\n`,
    changes,
    '\nget-mark :1\nls :1 ""\n',
    parent === null ? '' : `ls ${parent} ""\n`,
    `reset ${scratchRef}\nfrom ${'0'.repeat(repo.head.length)}\n`,
    '\ndone\n',
  ].join('');
  const exit = await repo.git(['fast-import', '--quiet', '--force'], {
    at: inPlain(repo),
    input: stream,
  });
  if (!succeeded(exit)) return err(gitProblem('A commit could not be written', exit));
  const [commit = '', root = '', parentRoot = ''] = exit.stdout.split('\n');
  const tree = treeOf(root);
  if (tree === null) return err(gitProblem('A commit could not be read back', exit));
  repo.known.trees.set(commit, tree);
  return ok({ commit, tree, parentTree: treeOf(parentRoot) });
}

const treeOf = (answer: string): string | null =>
  /^040000 tree ([0-9a-f]+)/.exec(answer)?.[1] ?? null;

/** A path as fast-import reads it, always quoted. */
export const quotePath = (path: string): string =>
  `"${path.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
