import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { expectOk } from '../git.ts';
import type { Git } from '../git.ts';
import { inOwn } from '../own-git.ts';
import type { OwnGit } from '../own-git.ts';
import type { Located } from '../store.ts';

const SHOWN = 10;

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** What git leaves in its folder while it is in the middle of something, and how a person gets out of it. */
const UNFINISHED: readonly (readonly [file: string, name: string])[] = [
  ['MERGE_HEAD', 'merge'],
  ['rebase-merge', 'rebase'],
  ['rebase-apply', 'rebase'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['BISECT_LOG', 'bisect'],
];

/** Refuses a checkout in which a person's work is not committed: it would be missing from what agents build on. */
export async function checkRepository(
  project: string,
  { ownDir, own }: { readonly ownDir: string; readonly own: OwnGit },
  git: Git,
): Promise<Result<null, Problem>> {
  for (const [file, name] of UNFINISHED) {
    if (await exists(join(ownDir, file))) {
      return err({
        where: project,
        what: `A ${name} is in progress in this repository.`,
        remedy: `Finish the ${name} or abort it, then run again.`,
      });
    }
  }
  const status = await git(
    ['status', '--porcelain=v1', '-z', '--untracked-files=all', '--no-renames'],
    { at: { cwd: project, ...inOwn(own) } },
  );
  const listed = expectOk('The state of the checkout could not be read', status);
  if (!listed.ok) return listed;
  const dirty = listed.value
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => line.slice(3))
    .filter((path) => !isSpecification(path));
  return dirty.length === 0 ? ok(null) : err(dirtyProblem(project, dirty));
}

/** Files a person is expected to have in work: they reach the run branch by another way. */
const isSpecification = (path: string): boolean =>
  ['.start/', '.factory/', 'docs/specs/'].some((folder) => path.startsWith(folder));

function dirtyProblem(project: string, dirty: readonly string[]): Problem {
  const more = dirty.length > SHOWN ? ` and ${dirty.length - SHOWN} more` : '';
  const files = dirty.length === 1 ? 'file has' : 'files have';
  return {
    where: project,
    what: `${dirty.length} ${files} changes that are not committed: ${dirty.slice(0, SHOWN).join(', ')}${more}.`,
    remedy:
      'Commit or stash them (or add them to .gitignore), then run again: agents build on HEAD.',
  };
}

export interface TreeFacts {
  /** `docs/specs`, if it holds spec directories. */
  readonly legacySpecs: readonly string[];
}

interface ReadTree {
  readonly project: string;
  readonly place: Located;
  /** Filters of the person's git; null: files are taken as they lie there, no git of theirs has a part in it. */
  readonly filters: readonly string[] | null;
  readonly git: Git;
}

/** Looks through the files of the base once: what it holds that a copied tree cannot carry is refused. */
export async function readTree({
  project,
  place,
  filters,
  git,
}: ReadTree): Promise<Result<TreeFacts, Problem>> {
  const at = { cwd: project, gitDir: place.gitDir };
  const listed = expectOk(
    'The files of the base could not be listed',
    await git(['ls-tree', '-r', '-z', place.head], { at }),
  );
  if (!listed.ok) return listed;
  const entries = listed.value.split('\0').filter((line) => line !== '');
  const paths = entries.map((line) => line.slice(line.indexOf('\t') + 1));
  const modules = paths.filter((_, index) => entries[index]?.startsWith('160000'));
  if (modules.length > 0)
    return err(filters === null ? nested(project, modules) : submodules(project, modules));
  // What git says is read with this character in place of bytes that are no text.
  const unnamable = paths.filter((path) => path.includes('\uFFFD'));
  if (unnamable.length > 0) return err(noText(project, unnamable));
  const attributes = paths.some((path) => /(?:^|\/)\.gitattributes$/.test(path));
  for (const filter of attributes && filters !== null ? ['lfs', ...filters] : []) {
    const found = await git(
      ['grep', '-qF', `filter=${filter}`, place.head, '--', ':(glob)**/.gitattributes'],
      { at },
    );
    if (found.code === 0)
      return err(filter === 'lfs' ? largeFiles(project) : filtered(project, filter));
  }
  const legacy = paths.some((path) => /^docs\/specs\/[^/]+\/manifest\.md$/.test(path));
  const inCheckout = await exists(join(project, 'docs/specs'));
  return ok({
    legacySpecs: legacy || (inCheckout && (await holdsSpecs(project))) ? ['docs/specs'] : [],
  });
}

async function holdsSpecs(project: string): Promise<boolean> {
  const folders = await readdir(join(project, 'docs/specs'));
  const found = await Promise.all(
    folders.map((name) => exists(join(project, 'docs/specs', name, 'manifest.md'))),
  );
  return found.includes(true);
}

const submodules = (project: string, paths: readonly string[]): Problem => ({
  where: project,
  what: `The repository holds other repositories (${paths.slice(0, 3).join(', ')}): agents work in a copy of one commit, which would lack their files.`,
  remedy:
    'Vendor the submodules as ordinary files, or use --git none with their files in place of them.',
});

const nested = (project: string, paths: readonly string[]): Problem => ({
  where: project,
  what: `Folders of the project are git repositories of their own (${paths.slice(0, 3).join(', ')}): their files would be missing.`,
  remedy:
    'Remove .git from these folders in a copy of the project and run there, or list the folders in .gitignore if nobody needs their files.',
});

const noText = (project: string, paths: readonly string[]): Problem => ({
  where: project,
  what: `Names of files are not UTF-8 (${paths.slice(0, 3).join(', ')}): not every program that works with them could find them.`,
  remedy: 'Rename these files, or with --git none list them in .gitignore by a pattern.',
});

const filtered = (project: string, filter: string): Problem => ({
  where: project,
  what: `The filter \`${filter}\` (.gitattributes) rewrites files when git checks them out: agents would see what is stored in place of them, and commit what the filter then garbles.`,
  remedy: 'Take the filter out of .gitattributes on a branch for the run, or use --git none.',
});

const largeFiles = (project: string): Problem => ({
  where: project,
  what: 'The repository keeps files in Git LFS: agents would see pointers in place of them, and commit them wrongly.',
  remedy: 'Take the lfs filter out of .gitattributes on a branch for the run, or use --git none.',
});
