import { err, ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { gitProblem, succeeded } from '../git.ts';
import { parseRaw } from './raw.ts';
import { inPlain } from '../store.ts';
import type { Faults, Harvested, Repository } from '../store.ts';

/** What a harvested commit changed against the clean base it was made on. Read once, then remembered. */
export async function describeHarvest(
  repo: Repository,
  commit: string,
): Promise<Result<Harvested, Problem>> {
  const known = repo.known.harvested.get(commit);
  if (known !== undefined) return ok(known);
  const exit = await repo.git([...DESCRIBE, commit], { at: inPlain(repo) });
  if (!succeeded(exit)) return err(gitProblem('The harvested work could not be read', exit));
  const harvested = read(commit, exit.stdout);
  repo.known.harvested.set(commit, harvested);
  return ok(harvested);
}

/** What it says begins with parent, tree and message; and it says so also when there is no change. */
const DESCRIBE = [
  'diff-tree',
  '-r',
  '-z',
  '--raw',
  '--always',
  '--no-abbrev',
  '--no-renames',
  '--pretty=format:%P %T %b%x1e',
];

/** The message of a harvested commit: what was wrong with the work stays with it. */
export const messageOf = (faults: Faults): string => `Work\n\n${JSON.stringify(faults)}\n`;

function read(commit: string, output: string): Harvested {
  const end = output.indexOf('\u001e');
  const [base = '', tree = '', ...body] = output.slice(0, end).split(' ');
  return {
    commit,
    base,
    tree,
    changes: parseRaw(output.slice(end + 1)),
    faults: readFaults(body.join(' ')),
  };
}

/** A harvest of an earlier version of this program has none. */
const readFaults = (body: string): Faults =>
  body.trim() === '' ? { unresolved: [], refused: [] } : (JSON.parse(body) as Faults);
