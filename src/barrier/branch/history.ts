import { ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { expectOk } from '../git.ts';
import { inPlain } from '../store.ts';
import type { Repository } from '../store.ts';

/** A file that a run changed, as it is now. */
export interface ChangedFile {
  readonly path: string;
  /** What it was called before; null: it is new. */
  readonly before: string | null;
}

/** Files of the product that differ between two commits, deleted ones and hidden folders aside. */
export async function changedFiles(
  repo: Repository,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<Result<readonly ChangedFile[], Problem>> {
  const exit = await repo.git(
    ['diff-tree', '-r', '-z', '-M', '--diff-filter=AMRT', '--name-status', from, to],
    { at: inPlain(repo) },
  );
  const listed = expectOk('What the run changed could not be read', exit);
  if (!listed.ok) return listed;
  const fields = listed.value.split('\0');
  const files: ChangedFile[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const status = fields[at] ?? '';
    const path = fields[at + 1] ?? '';
    if (status.startsWith('R')) {
      files.push({ path: fields[at + 2] ?? '', before: path });
      at += 1;
    } else files.push({ path, before: status === 'A' ? null : path });
  }
  const isHidden = ({ path }: ChangedFile) =>
    [...repo.hidden].some((folder) => path === folder || path.startsWith(`${folder}/`));
  return ok(files.filter((file) => !isHidden(file)));
}

/** For each line of a file at `commit`, the commit that brought it. */
export async function originsOf(
  repo: Repository,
  { commit, path }: { readonly commit: string; readonly path: string },
): Promise<Result<readonly string[], Problem>> {
  const exit = await repo.git(['blame', '-s', '-l', '--root', commit, '--', path], {
    at: inPlain(repo),
  });
  const told = expectOk(`The history of ${path} could not be read`, exit);
  if (!told.ok) return told;
  const lines = told.value.split('\n');
  return ok(lines.filter((line) => line !== '').map((line) => line.slice(0, line.indexOf(' '))));
}

/** Landings on the way from one commit to another: commit → unit. What was backed out since is among them. */
export async function landingsBetween(
  repo: Repository,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<Result<ReadonlyMap<string, string>, Problem>> {
  const exit = await repo.git(
    [
      'log',
      '--grep=^Factory-Attempt: ',
      '--format=%H %(trailers:key=Factory-Unit,valueonly,separator=%x2C)',
      `${from}..${to}`,
    ],
    { at: inPlain(repo) },
  );
  const told = expectOk('The landings of the run could not be read', exit);
  if (!told.ok) return told;
  const pairs = told.value.split('\n').map((line) => line.split(' ') as [string, string?]);
  return ok(new Map(pairs.flatMap(([id, unit]) => (unit === undefined ? [] : [[id, unit]]))));
}

/** Work that landed, by an earlier run it may be. */
export interface EarlierLanding {
  readonly commit: string;
  /** The tip that it landed on. */
  readonly parent: string;
  readonly unit: string;
}

/** Everything that landed of a spec up to a commit, oldest first. What was backed out since is among it. */
export async function landingsUpTo(
  repo: Repository,
  { spec, to }: { readonly spec: string; readonly to: string },
): Promise<Result<readonly EarlierLanding[], Problem>> {
  const trailer = (name: string) => `%(trailers:key=Factory-${name},valueonly,separator=%x2C)`;
  const exit = await repo.git(
    [
      'log',
      '--topo-order',
      '--reverse',
      '--grep=^Factory-Attempt: ',
      `--format=${['%H', '%P', trailer('Unit'), trailer('Spec')].join('%x1f')}`,
      to,
    ],
    { at: inPlain(repo) },
  );
  const told = expectOk('The landings of earlier runs could not be read', exit);
  if (!told.ok) return told;
  const landings = told.value.split('\n').flatMap((line) => {
    const [commit = '', parents = '', unit = '', by] = line.split('\u001f');
    const [parent] = parents.split(' ');
    return by !== spec || parent === undefined ? [] : [{ commit, parent, unit }];
  });
  return ok(landings);
}
