import { err, ok } from '../domain/index.ts';
import type { Problem, Result } from '../domain/index.ts';
import { gitProblem, succeeded } from './git.ts';
import { inPlain } from './store.ts';
import type { Change, Harvested, Repository } from './store.ts';

/** What a harvested commit changed against the clean base it was made on. Read once, then remembered. */
export async function describeHarvest(
  repo: Repository,
  commit: string,
  unresolved: readonly string[] = [],
): Promise<Result<Harvested, Problem>> {
  const known = repo.known.harvested.get(commit);
  if (known !== undefined) return ok(known);
  const exit = await repo.git([...DESCRIBE, commit], { at: inPlain(repo) });
  if (!succeeded(exit)) return err(gitProblem('The harvested work could not be read', exit));
  return ok(remember(repo, exit.stdout, { commit, unresolved }));
}

/** The git command that describes a commit, but for its name. */
export const DESCRIBE: readonly string[] = [
  'diff-tree',
  '-r',
  '-z',
  '--raw',
  '--no-abbrev',
  '--no-renames',
  '--pretty=format:%P %T',
];

/** Takes up what git said of a commit. */
export function remember(
  repo: Repository,
  output: string,
  of: Pick<Harvested, 'commit' | 'unresolved'>,
): Harvested {
  const { header, changes } = parseRaw(output);
  const [base = '', tree = ''] = header.split(' ');
  const harvested = { ...of, base, tree, changes };
  repo.known.harvested.set(of.commit, harvested);
  return harvested;
}

/** A header line, then NUL-separated pairs of `:oldmode newmode oldblob newblob status` and path. */
export function parseRaw(output: string): { header: string; changes: Change[] } {
  const start = output.indexOf(':');
  const header = (start === -1 ? output : output.slice(0, start)).replaceAll('\0', '').trim();
  const fields = start === -1 ? [] : output.slice(start).split('\0');
  const changes: Change[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [, mode = '', , blob = '', status = 'M'] = (fields[index] ?? '').split(' ');
    changes.push({
      mode,
      blob,
      status: status.slice(0, 1) as Change['status'],
      path: fields[index + 1] ?? '',
    });
  }
  return { header, changes };
}
