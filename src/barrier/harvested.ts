import { err, ok } from '../domain/index.ts';
import type { Problem, Result } from '../domain/index.ts';
import { gitProblem, succeeded } from './git.ts';
import { inPlain } from './store.ts';
import type { Change, Faults, Harvested, Repository } from './store.ts';

/** What a harvested commit changed against the clean base it was made on. Read once, then remembered. */
export async function describeHarvest(
  repo: Repository,
  commit: string,
): Promise<Result<Harvested, Problem>> {
  const known = repo.known.harvested.get(commit);
  if (known !== undefined) return ok(known);
  const exit = await repo.git([...DESCRIBE, commit], { at: inPlain(repo) });
  if (!succeeded(exit)) return err(gitProblem('The harvested work could not be read', exit));
  return ok(remember(repo, commit, exit.stdout));
}

/** The git command that describes a commit, but for its name. What it says begins with parent, tree and message. */
export const DESCRIBE: readonly string[] = [
  'diff-tree',
  '-r',
  '-z',
  '--raw',
  // Also when there is no change.
  '--always',
  '--no-abbrev',
  '--no-renames',
  '--pretty=format:%P %T %b%x1e',
];

/** The message of a harvested commit: what was wrong with the work stays with it. */
export const messageOf = (faults: Faults): string => `Work\n\n${JSON.stringify(faults)}\n`;

/** Takes up what git said of a commit. */
export function remember(repo: Repository, commit: string, output: string): Harvested {
  const end = output.indexOf('\u001e');
  const [base = '', tree = '', ...body] = output.slice(0, end).split(' ');
  const harvested = {
    commit,
    base,
    tree,
    changes: parseRaw(output.slice(end + 1)),
    faults: readFaults(body.join(' ')),
  };
  repo.known.harvested.set(commit, harvested);
  return harvested;
}

/** A harvest of an earlier version of this program has none. */
const readFaults = (body: string): Faults =>
  body.trim() === '' ? { unresolved: [], refused: [] } : (JSON.parse(body) as Faults);

/** NUL-separated pairs of `:oldmode newmode oldblob newblob status` and path. */
export function parseRaw(output: string): Change[] {
  const start = output.indexOf(':');
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
  return changes;
}
