import { createHash, randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ok } from '../../domain/index.ts';
import type { Problem, RepositoryFacts, Result } from '../../domain/index.ts';
import { removeTree } from '../../process/index.ts';
import { expectOk, ident, type GitPlace } from '../git.ts';
import { CLEAN } from '../branch/clean.ts';
import { FIXED_DATE } from '../store.ts';
import type { Repository } from '../store.ts';
import { holdoutsOf, type Holdouts } from './history.ts';
import { saysSomething } from './texts.ts';

/** As much of a repository as an audit needs. */
export type Readable = Pick<
  Repository,
  | 'git'
  | 'script'
  | 'scratch'
  | 'gitDir'
  | 'objects'
  | 'hidden'
  | 'head'
  | 'project'
  | 'objectFormat'
>;

export interface Asked {
  /** Commits that agents worked on. */
  readonly bases: readonly string[];
  /** Commits with work of agents. */
  readonly landed: readonly string[];
  /** First and last commit of the run branch. */
  readonly base: string;
  readonly head: string;
}

/**
 * Finds out anew what an audit proved, from the repository alone. Writes nothing into it: what has to be made to be compared is made in
 * an object store that is thrown away.
 */
export async function auditAgain(
  repo: Readable,
  { bases, landed, base, head }: Asked,
): Promise<Result<RepositoryFacts, Problem>> {
  const dir = join(repo.scratch, `audit-${randomBytes(6).toString('hex')}`);
  await mkdir(join(dir, 'objects/pack'), { recursive: true });
  try {
    const holdouts = await holdoutsOf(repo);
    if (!holdouts.ok) return holdouts;
    const place: Place = { repo, dir, holdouts: holdouts.value };
    const there = await present(place, [...bases, ...landed, base, head]);
    if (!there.ok) return there;
    const found = new Map<
      string,
      RepositoryFacts['bases'] extends ReadonlyMap<string, infer B> ? B : never
    >();
    for (const each of new Set(bases)) {
      const cleaned = there.value.has(each) ? await cleanOf(place, each) : ok(null);
      if (!cleaned.ok) return cleaned;
      found.set(each, cleaned.value);
    }
    const commits =
      there.value.has(base) && there.value.has(head) ? await between(place, base, head) : ok(null);
    if (!commits.ok) return commits;
    const touched = await hiddenIn(
      place,
      landed.filter((each) => there.value.has(each)),
    );
    if (!touched.ok) return touched;
    return ok({
      bases: found,
      landed: new Map(
        landed.map((each) => [
          each,
          there.value.has(each) ? (touched.value.get(each) ?? []) : null,
        ]),
      ),
      commits: commits.value,
    });
  } finally {
    await removeTree(dir);
  }
}

interface Place {
  readonly repo: Readable;
  /** Thrown away afterwards. */
  readonly dir: string;
  readonly holdouts: Holdouts;
}

/** Objects are read from the repository and written beside it. */
const at = ({ repo, dir }: Place): GitPlace => ({
  cwd: dir,
  gitDir: repo.gitDir,
  objects: join(dir, 'objects'),
  alternates: repo.objects,
  index: join(dir, 'index'),
});

async function present(
  place: Place,
  commits: readonly string[],
): Promise<Result<ReadonlySet<string>, Problem>> {
  const exit = await place.repo.git(['cat-file', '--batch-check'], {
    at: at(place),
    input: [...new Set(commits)].map((commit) => `${commit}\n`).join(''),
  });
  const output = expectOk('The commits of the run could not be looked up', exit);
  if (!output.ok) return output;
  return ok(new Set([...output.value.matchAll(/^([0-9a-f]+) commit /gm)].map(([, id = '']) => id)));
}

interface Cleaned {
  readonly clean: string;
  readonly tree: string;
  readonly shared: readonly { readonly blob: string; readonly holdout: string }[];
}

/** The clean commit of a base, made again another way than the run made it: through an index. */
async function cleanOf(place: Place, base: string): Promise<Result<Cleaned, Problem>> {
  const { repo, holdouts } = place;
  const listed = expectOk(
    'The files of a base could not be listed',
    await repo.git(['ls-tree', '-r', '-z', '--full-tree', base], { at: at(place) }),
  );
  if (!listed.ok) return listed;
  const folders = [...repo.hidden].map((folder) => `${folder}/`);
  const entries = listed.value.split('\0').filter((line) => {
    const path = line.slice(line.indexOf('\t') + 1);
    return line !== '' && !folders.some((folder) => path.startsWith(folder));
  });
  const written = expectOk(
    'The clean tree of a base could not be made again',
    await repo.script(WRITE_TREE, [], {
      at: at(place),
      input: entries.map((line) => `${line}\0`).join(''),
    }),
  );
  if (!written.ok) return written;
  const tree = written.value.trim();
  const shared: { blob: string; holdout: string }[] = [];
  for (const blob of new Set(entries.flatMap((line) => line.split(/[ \t]/)[2] ?? []))) {
    const holdout = holdouts.get(blob);
    if (holdout !== undefined && saysSomething(await textOf(place, blob)))
      shared.push({ blob, holdout });
  }
  return ok({ tree, clean: commitId(tree, repo.objectFormat), shared });
}

const WRITE_TREE = 'rm -f "$GIT_INDEX_FILE" && git update-index -z --index-info && git write-tree';

/** What git would call the clean commit of a tree. */
function commitId(tree: string, objectFormat: string): string {
  const who = ident(FIXED_DATE);
  const text = `tree ${tree}\nauthor ${who}\ncommitter ${who}\n\n${CLEAN.message}`;
  return createHash(objectFormat === 'sha256' ? 'sha256' : 'sha1')
    .update(`commit ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');
}

const textOf = async (place: Place, blob: string): Promise<string> =>
  (await place.repo.git(['cat-file', 'blob', blob], { at: at(place) })).stdout;

/** Commits of the run branch after its base, oldest first. */
async function between(
  place: Place,
  base: string,
  head: string,
): Promise<Result<readonly string[], Problem>> {
  const listed = expectOk(
    'The run branch could not be read',
    await place.repo.git(['rev-list', '--first-parent', '--reverse', `${base}..${head}`], {
      at: at(place),
    }),
  );
  return listed.ok ? ok(listed.value.split('\n').filter((line) => line !== '')) : listed;
}

/** Which files in spec directories these commits change; commits that change none are left out. */
async function hiddenIn(
  place: Place,
  commits: readonly string[],
): Promise<Result<ReadonlyMap<string, readonly string[]>, Problem>> {
  const found = new Map<string, readonly string[]>();
  if (commits.length === 0) return ok(found);
  const folders = [...new Set(['.start', ...place.repo.hidden])];
  const exit = await place.repo.git(
    [
      'log',
      '--no-walk=unsorted',
      '--stdin',
      '-m',
      '--first-parent',
      '--no-renames',
      '--name-only',
      '-z',
      '--format=%x1e%H',
    ],
    {
      at: at(place),
      input: [...commits, '--', ...folders.map((folder) => `:(literal,top)${folder}`)]
        .map((line) => `${line}\n`)
        .join(''),
    },
  );
  const output = expectOk('The landed work could not be read', exit);
  if (!output.ok) return output;
  for (const part of output.value.split('\u001e').slice(1)) {
    const [commit = '', ...paths] = part.split('\0').map((text) => text.trim());
    found.set(
      commit,
      paths.filter((path) => path !== ''),
    );
  }
  return ok(found);
}
