import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { ident } from '../git.ts';
import { parseLines } from './raw.ts';
import type { Answer } from '../workspace/standing.ts';
import type { Change, Repository } from '../store.ts';

export interface NewCommit {
  readonly tree: string;
  /** Null: a commit without history. */
  readonly parent: string | null;
  /** Git's raw date, of author and committer. */
  readonly date: string;
  readonly message: string;
}

/** Writes a commit of a tree that is there; nothing refers to it yet. */
export async function writeCommit(
  repo: Repository,
  { tree, parent, date, message }: NewCommit,
): Promise<Result<string, Problem>> {
  repo.count.commits += 1;
  const file = join(repo.scratch, `commit-${repo.count.commits}`);
  const who = ident(date);
  const lines = [
    `tree ${tree}`,
    ...(parent === null ? [] : [`parent ${parent}`]),
    `author ${who}`,
    `committer ${who}`,
    '',
    message,
  ];
  await writeFile(file, lines.join('\n'));
  const answer = await repo.standing.commits.ask(`${file}\n`, () => true);
  await rm(file, { force: true });
  if (!answer.ok) return err(standingProblem('A commit could not be written', answer));
  return ok(answer.lines[0] ?? '');
}

/** What changes from one tree to another. */
export async function diffTrees(
  repo: Repository,
  from: string,
  to: string,
): Promise<Result<Change[], Problem>> {
  // Echoed, because it is no object; no path can look like it, as lines of paths begin with a colon.
  const answer = await repo.standing.diffs.ask(`${from} ${to}\nend\n`, (line) => line === 'end');
  if (!answer.ok) return err(standingProblem('The changes could not be told', answer));
  return ok(parseLines(answer.lines));
}

/** Lets a ref point to work, so that git does not collect it. False: it could not be written. */
export async function keepUnder(repo: Repository, ref: string, to: string): Promise<boolean> {
  const input = `start\nupdate ${ref} ${to}\ncommit\n`;
  return (await repo.standing.keeps.ask(input, (line) => line === 'commit: ok')).ok;
}

/** Compare-and-swap of a ref in one transaction. False: it was not at `from`. */
export async function moveRef(
  repo: Repository,
  ref: string,
  { from, to }: { from: string; to: string },
): Promise<boolean> {
  const answer = await repo.standing.refs.ask(
    `start\nupdate ${ref} ${to} ${from}\ncommit\n`,
    (line) => line === 'commit: ok',
  );
  return answer.ok;
}

/** The failure of a standing process that has no reason to fail but the machine's. */
const standingProblem = (what: string, answer: Answer & { ok: false }): Problem => ({
  where: 'git',
  what: `${what}: ${answer.stderr.trim().split('\n').at(-1) ?? ''}`,
  remedy: 'Look at free disk space and the permissions of the repository, then run again.',
});
