import { err, ok } from '../domain/index.ts';
import type { Problem, Result } from '../domain/index.ts';
import { hasMoved, MOVE_TO_COMMIT, moveArguments } from './branch-state.ts';
import { gitProblem, ident, succeeded } from './git.ts';
import { FIXED_DATE, inPlain } from './store.ts';
import type { Repository } from './store.ts';

export interface ImportedCommit {
  /** Git's raw date. */
  readonly date: string;
  readonly message: string;
  /** Null: a commit without history. */
  readonly parent: string | null;
  /** Lines of a fast-import commit (`M …`, `D …`). */
  readonly changes: string;
  /** A tree that becomes a clean commit in the same process, or null. */
  readonly cleanTree?: string | null;
  /** A branch that is moved from the parent to the commit in the same process, or null. */
  readonly move?: string | null;
}

export interface Imported {
  readonly commit: string;
  readonly tree: string;
  /** Tree of the parent, null without one: the same as `tree` when nothing changed. */
  readonly parentTree: string | null;
  /** The clean commit asked for. */
  readonly clean: string | null;
  /** Whether a branch to move was where it was thought to be. */
  readonly moved: boolean;
}

/** Message of every clean commit. */
export const BASE_MESSAGE = 'Base';

/**
 * Makes one commit by `git fast-import`, which writes blobs, trees and the commit in a single process. The commit is reachable
 * from nothing but a scratch ref of the plain git directory: the caller puts it where it belongs.
 */
export async function importCommit(
  repo: Repository,
  wanted: ImportedCommit,
): Promise<Result<Imported, Problem>> {
  const { parent, cleanTree = null, move = null } = wanted;
  repo.count.imports += 1;
  const ref = `refs/heads/import-${repo.count.imports}`;
  const stream = [
    'feature done\n',
    commitLines(ref, wanted),
    'get-mark :1\nls :1 ""\n',
    parent === null ? '' : `ls ${parent} ""\n`,
    forget(ref, repo),
    cleanTree === null ? '' : `${cleanLines(ref, cleanTree)}get-mark :1\n${forget(ref, repo)}`,
    'done\n',
  ].join('');
  const call = { at: inPlain(repo), input: stream };
  const exit =
    move === null
      ? await repo.git(IMPORT, call)
      : await repo.script(
          IMPORT_AND_MOVE,
          [...moveArguments(repo, move, parent ?? ''), '\n'],
          call,
        );
  const [commit = '', root = '', ...more] = exit.stdout.trim().split('\n');
  // A script that has told of its commit failed to move the branch, which is for the caller to take up.
  if (!succeeded(exit) && (move === null || commit === ''))
    return err(gitProblem('A commit could not be written', exit));
  const moved = move !== null && succeeded(exit);
  if (moved) hasMoved(repo, move, commit);
  const tree = treeOf(root);
  if (tree === null) return err(gitProblem('A commit could not be read back', exit));
  repo.known.trees.set(commit, tree);
  const parentTree = parent === null ? null : treeOf(more[0] ?? '');
  return ok({
    commit,
    tree,
    parentTree,
    clean: cleanTree === null ? null : (more.at(-1) ?? null),
    moved,
  });
}

const IMPORT = ['fast-import', '--quiet', '--force'];

/** `$4` is a newline: the first line of the answer is the commit. */
const IMPORT_AND_MOVE = `
  answer=$(git ${IMPORT.join(' ')}) &&
  printf '%s\\n' "$answer" &&
  commit=\${answer%%"$4"*} &&
  ${MOVE_TO_COMMIT}`;

const commitLines = (ref: string, { date, message, parent, changes }: ImportedCommit): string =>
  [
    `commit ${ref}\n`,
    'mark :1\n',
    `committer ${ident(date)}\n`,
    `data ${Buffer.byteLength(message)}\n${message}\n`,
    parent === null ? '' : `from ${parent}\n`,
    `${changes}\n`,
  ].join('');

const cleanLines = (ref: string, tree: string): string =>
  commitLines(ref, {
    date: FIXED_DATE,
    message: BASE_MESSAGE,
    parent: null,
    changes: `M 040000 ${tree} ""\n`,
  });

/** Takes the scratch ref away again; the commit stays. */
const forget = (ref: string, repo: Repository): string =>
  `reset ${ref}\nfrom ${'0'.repeat(repo.head.length)}\n\n`;

const treeOf = (answer: string): string | null =>
  /^040000 tree ([0-9a-f]+)/.exec(answer)?.[1] ?? null;

/** A path as fast-import reads it, always quoted. */
export const quotePath = (path: string): string =>
  `"${path.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
