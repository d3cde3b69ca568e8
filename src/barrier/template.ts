import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok } from '../domain/index.ts';
import type { Problem, Result } from '../domain/index.ts';
import { cleanCommit } from './clean.ts';
import { gitProblem, succeeded } from './git.ts';
import { inPlain, writeGitDir } from './store.ts';
import type { Repository, Template } from './store.ts';

/** Older templates are removed: each landing makes a new base. */
const KEPT = 6;

/** The template of a commit, made once per set of visible files. */
export async function templateOf(
  repo: Repository,
  commit: string,
): Promise<Result<Template, Problem>> {
  const clean = await cleanCommit(repo, commit);
  if (!clean.ok) return clean;
  const { templates } = repo.known;
  const known = templates.get(clean.value);
  if (known !== undefined) return known;
  const made = makeTemplate(repo, clean.value);
  templates.set(clean.value, made);
  const result = await made;
  if (!result.ok) templates.delete(clean.value);
  return result;
}

async function makeTemplate(repo: Repository, clean: string): Promise<Result<Template, Problem>> {
  await forgetOld(repo);
  const dir = join(repo.scratch, 'templates', clean);
  const building = `${dir}.building`;
  await Promise.all([building, dir].map((path) => rm(path, { recursive: true, force: true })));
  const gitDir = join(building, '.git');
  await writeGitDir(gitDir, {
    head: 'ref: refs/heads/main',
    objectFormat: repo.objectFormat,
    exclude: [],
  });
  await writeFile(join(gitDir, 'refs/heads/main'), `${clean}\n`);

  const at = inPlain(repo);
  const [files, pack] = await Promise.all([
    repo.git(['read-tree', '-u', '--reset', clean], {
      at: { ...at, cwd: building, workTree: building, index: join(gitDir, 'index') },
    }),
    // Its own object store with the objects of one commit: never an alternate, which would reveal everything.
    repo.git(['pack-objects', '--revs', '-q', '--window=0', join(gitDir, 'objects/pack/pack')], {
      at,
      input: `${clean}\n`,
    }),
  ]);
  if (!succeeded(files)) return err(gitProblem('The base could not be checked out', files));
  if (!succeeded(pack)) return err(gitProblem('The base could not be packed', pack));
  await rename(building, dir);
  return ok({ clean, dir });
}

async function forgetOld(repo: Repository): Promise<void> {
  const { templates } = repo.known;
  const old = [...templates.keys()].slice(0, Math.max(0, templates.size - KEPT));
  for (const clean of old) templates.delete(clean);
  await mkdir(join(repo.scratch, 'templates'), { recursive: true });
  await Promise.all(
    old.map((clean) =>
      rm(join(repo.scratch, 'templates', clean), { recursive: true, force: true }),
    ),
  );
}
