import { mkdtemp, readdir, readFile as readBytes, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { branchState, moveBranch } from '../branch/branch-state.ts';
import { expectOk, gitDate, succeeded } from '../git.ts';
import { importCommit, quotePath } from '../branch/import.ts';
import { inPlain } from '../store.ts';
import type { Repository } from '../store.ts';

export interface FileCommit {
  readonly branch: string;
  /** Relative to the project, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly message: string;
  /** ISO 8601. */
  readonly date: string;
}

const TRIES = 5;

/** Commits one file on a branch, if it differs from what is there. The value is the branch's tip afterwards. */
export const commitFile = (repo: Repository, file: FileCommit): Promise<Result<string, Problem>> =>
  repo.oneByOne(() => commitNow(repo, file));

async function commitNow(repo: Repository, file: FileCommit): Promise<Result<string, Problem>> {
  const content = await dataOf(repo, file.bytes);
  if (!content.ok) return content;
  const path = quotePath(file.path);
  for (let round = 0; round < TRIES; round += 1) {
    const state = await branchState(repo, file.branch, { fresh: round > 0 });
    if (!state.ok) return state;
    const { head } = state.value;
    const made = await importCommit(repo, {
      date: gitDate(file.date),
      message: file.message,
      parent: head,
      changes: content.value(path),
    });
    if (!made.ok) return made;
    if (made.value.tree === made.value.parentTree) return ok(head);
    const to = made.value.commit;
    if (!(await moveBranch(repo, file.branch, { from: head, to }))) continue;
    keepClean(repo, file.path, { from: head, to });
    repo.known.files.set(file.path, { rev: to, bytes: Uint8Array.from(file.bytes) });
    return ok(to);
  }
  return err({
    where: file.branch,
    what: `The run branch moved each time ${file.path} was about to be committed on it.`,
    remedy: 'Let nobody else commit to the run branch while a run goes on, then run again.',
  });
}

/** A change in a hidden folder leaves the clean base as it is: no new template for a tick. */
function keepClean(
  repo: Repository,
  path: string,
  { from, to }: { from: string; to: string },
): void {
  const clean = repo.known.clean.get(from);
  const isHidden = [...repo.hidden].some((folder) => path.startsWith(`${folder}/`));
  if (!isHidden) return;
  if (clean !== undefined) repo.known.clean.set(to, clean);
}

/** How the stream names the content: text goes inline; other bytes cannot pass a text stdin and become a blob first. */
async function dataOf(
  repo: Repository,
  bytes: Uint8Array,
): Promise<Result<(path: string) => string, Problem>> {
  const text = Buffer.from(bytes).toString('utf8');
  if (Buffer.from(text).equals(bytes)) {
    return ok((path) => `M 100644 inline ${path}\ndata ${bytes.length}\n${text}\n`);
  }
  const folder = await mkdtemp(join(repo.scratch, 'blob-'));
  await writeFile(join(folder, 'bytes'), bytes);
  const exit = await repo.git(['hash-object', '-w', '--no-filters', join(folder, 'bytes')], {
    at: inPlain(repo),
  });
  await rm(folder, { recursive: true, force: true });
  const blob = expectOk('A file could not be stored', exit);
  return blob.ok ? ok((path) => `M 100644 ${blob.value.trim()} ${path}\n`) : blob;
}

/** Bytes of a file in a commit or branch, null when it is not there. */
export async function readFile(
  repo: Repository,
  rev: string,
  path: string,
): Promise<Result<Uint8Array | null, Problem>> {
  const known = repo.known.files.get(path);
  if (known?.rev === rev) return ok(known.bytes);
  const folder = await mkdtemp(join(repo.scratch, 'blob-'));
  // It writes the bytes to a file of its own: a text stdout would replace what is not UTF-8.
  const exit = await repo.git(['unpack-file', `${rev}:${path}`], {
    at: { cwd: folder, gitDir: repo.gitDir },
  });
  const [name] = await readdir(folder);
  const bytes = name === undefined ? null : await readBytes(join(folder, name));
  await rm(folder, { recursive: true, force: true });
  if (succeeded(exit)) return ok(bytes);
  if (
    /does not exist|exists on disk|not a valid object name|invalid object name/i.test(exit.stderr)
  )
    return ok(null);
  const failed = expectOk(`${path} could not be read`, exit);
  return failed.ok ? ok(null) : failed;
}
