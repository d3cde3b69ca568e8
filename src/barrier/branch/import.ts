import { err, ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { gitProblem, ident, succeeded } from '../git.ts';
import { inPlain } from '../store.ts';
import type { Repository } from '../store.ts';

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
  wanted: ImportedCommit,
): Promise<Result<Imported, Problem>> {
  const { parent } = wanted;
  repo.count.imports += 1;
  const ref = `refs/heads/import-${repo.count.imports}`;
  const stream = [
    'feature done\n',
    commitLines(ref, wanted),
    'get-mark :1\nls :1 ""\n',
    parent === null ? '' : `ls ${parent} ""\n`,
    forget(ref, repo),
    'done\n',
  ].join('');
  const exit = await repo.git(IMPORT, { at: inPlain(repo), input: stream });
  const [commit = '', root = '', ...more] = exit.stdout.trim().split('\n');
  if (!succeeded(exit)) return err(gitProblem('A commit could not be written', exit));
  const tree = treeOf(root);
  if (tree === null) return err(gitProblem('A commit could not be read back', exit));
  repo.known.trees.set(commit, tree);
  const parentTree = parent === null ? null : treeOf(more[0] ?? '');
  return ok({ commit, tree, parentTree });
}

const IMPORT = ['fast-import', '--quiet', '--force'];

const commitLines = (ref: string, { date, message, parent, changes }: ImportedCommit): string =>
  [
    `commit ${ref}\n`,
    'mark :1\n',
    `committer ${ident(date)}\n`,
    `data ${Buffer.byteLength(message)}\n${message}\n`,
    parent === null ? '' : `from ${parent}\n`,
    `${changes}\n`,
  ].join('');

/** Takes the scratch ref away again; the commit stays. */
const forget = (ref: string, repo: Repository): string =>
  `reset ${ref}\nfrom ${'0'.repeat(repo.head.length)}\n\n`;

const treeOf = (answer: string): string | null =>
  /^040000 tree ([0-9a-f]+)/.exec(answer)?.[1] ?? null;

/** A path as fast-import reads it, always quoted. */
export const quotePath = (path: string): string =>
  `"${path.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
