import { access, mkdir, readFile, readdir, readlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { err, ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { removeTree, run } from '../../process/index.ts';
import type { Exit, Sandbox, View } from '../../process/index.ts';
import { gitProblem, succeeded } from '../git.ts';
import { handOver } from '../landing/hand-over.ts';
import { harvestGitDir, inPlain } from '../store.ts';
import type { Repository } from '../store.ts';

/** What one install made, shared by every tree with the same command, lockfiles and manifests. */
export interface Layer {
  readonly hash: string;
  readonly dir: string;
  /** Paths that the install made, relative to the project, e.g. `node_modules`. */
  readonly entries: readonly string[];
  /** No link of it leads out of its entries: it can be shared by a link to it. */
  readonly selfContained: boolean;
}

export interface InstallOptions {
  /** The declared `install:` command; null: look for a lockfile. `''`: nothing is installed. */
  readonly command: string | null;
  /** Environment of the install: PATH, HOME and what registries need. */
  readonly env: Readonly<Record<string, string>>;
  /** What it may see and reach in a sandbox beside the layer and a home of its own: registries. */
  readonly view?: View;
  /** Default 20 minutes. */
  readonly wallMs?: number;
  /** Marks its processes as the run's. */
  readonly marker?: string;
}

export interface Wanted {
  readonly command: string;
  readonly hash: string;
}

const WALL_MS = 20 * 60 * 1000;
export interface LayerWork extends Wanted {
  readonly clean: string;
  readonly options: InstallOptions;
  readonly signal?: AbortSignal;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Installs in a folder of its own, once; null when nothing came of it. */
export async function makeLayer(
  repo: Repository,
  work: LayerWork,
): Promise<Result<Layer | null, Problem>> {
  const layers = join(repo.scratch, 'layers');
  const dir = join(layers, work.hash);
  const record = join(layers, `${work.hash}.json`);
  // Written last: without it the folder is what an interrupted install left.
  if (await exists(record)) return ok(JSON.parse(await readFile(record, 'utf8')) as Layer);
  // Built where it stays, because virtual environments hold absolute paths.
  const place = { dir, gitDir: `${dir}.git`, home: `${dir}.home` };
  await Promise.all(Object.values(place).map(removeTree));
  try {
    const entries = await fillLayer(repo, work, place);
    if (!entries.ok || entries.value.length === 0) return entries.ok ? ok(null) : entries;
    const layer = {
      hash: work.hash,
      dir,
      entries: entries.value,
      selfContained: await isSelfContained(dir, entries.value),
    };
    await writeFile(record, JSON.stringify(layer));
    return ok(layer);
  } finally {
    await Promise.all([place.gitDir, place.home].map(removeTree));
  }
}

interface LayerPlace {
  readonly dir: string;
  /** Only while it is made. */
  readonly gitDir: string;
  readonly home: string;
}

/** Checks the base out, installs, and leaves only what the install made: the value is its entries. */
async function fillLayer(
  repo: Repository,
  work: LayerWork,
  place: LayerPlace,
): Promise<Result<readonly string[], Problem>> {
  const { dir, gitDir, home } = place;
  await Promise.all(
    [dir, join(gitDir, 'objects'), home].map((path) => mkdir(path, { recursive: true })),
  );
  await writeFile(join(gitDir, 'HEAD'), 'ref: refs/heads/layer\n');
  const index = join(gitDir, 'index');
  const written = await repo.git(['read-tree', '-u', '--reset', work.clean], {
    at: { ...inPlain(repo), cwd: dir, workTree: dir, index },
  });
  if (!succeeded(written)) return err(gitProblem('The install could not be prepared', written));
  await handOver(repo, [dir, gitDir, home]);
  const exit = await install(repo, work, place);
  if (!succeeded(exit)) return err(installProblem(work.command, exit, repo.sandbox));

  // What ran there is the project's own: git looks at it from inside the sandbox, and needs no object for that.
  const commonDir = harvestGitDir(repo.scratch);
  const tidied = await repo.script(TIDY, [EMPTY_TREE[repo.objectFormat] ?? ''], {
    at: { cwd: dir, gitDir, commonDir, objects: join(gitDir, 'objects'), workTree: dir, index },
    view: { read: [commonDir], write: [dir, gitDir] },
  });
  if (!succeeded(tidied)) return err(gitProblem('The install could not be tidied', tidied));
  const entries = tidied.stdout.split('\0').filter((path) => path !== '');
  return ok(entries.map((path) => path.replace(/\/$/, '')));
}

/** Lists what is not in git, then takes away what is. */
const TIDY = `
  git ls-files --others --directory -z &&
  git read-tree -u --reset "$1"`;

const EMPTY_TREE: Readonly<Record<string, string>> = {
  sha1: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  sha256: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
};

function install(
  repo: Repository,
  { command, options, signal }: LayerWork,
  { dir, home }: LayerPlace,
): Promise<Exit> {
  const { read = [], write = [], ...more } = options.view ?? {};
  return run(
    {
      label: `install (${command})`,
      command: ['sh', '-c', command],
      cwd: dir,
      // Whose home it would be is nobody's business in there.
      env: { ...options.env, CI: 'true', ...(repo.sandbox.kind !== 'none' && { HOME: home }) },
      view: { ...more, read, write: [...write, dir, home] },
      // Package managers leave daemons behind, and what they run is the project's own.
      sweep: true,
      ...(options.marker !== undefined && { marker: options.marker }),
      limits: { wallMs: options.wallMs ?? WALL_MS },
    },
    repo.sandbox,
    signal === undefined ? {} : { signal },
  );
}

const LAST_LINES = 5;

/** How package managers say that a host was not there for them. */
const NO_WAY = /\b403\b|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|Forbidden|resolve host|name resolution/i;
const WALLED =
  'From inside the sandbox installs reach the usual package registries, with --barrier strict none: name others with --allow-host (logs/network.log of the run tells what was refused).';
const ANYWAY =
  'Run it in a fresh clone until it works, or declare another command as install: in .start/factory.yaml.';

function installProblem(command: string, exit: Exit, sandbox: Sandbox): Problem {
  const lines = `${exit.stdout}\n${exit.stderr}`.split('\n').filter((line) => line.trim() !== '');
  const last = lines.slice(-LAST_LINES).join(' | ');
  return {
    where: command,
    what: `The project's dependencies could not be installed: the command ${exit.summary}${last === '' ? '' : `: ${last}`}`,
    remedy: sandbox.kind !== 'none' && NO_WAY.test(last) ? `${WALLED} ${ANYWAY}` : ANYWAY,
  };
}

/** Whether links near the top of the entries stay inside them; package managers of monorepos link to the project's own folders. */
async function isSelfContained(dir: string, entries: readonly string[]): Promise<boolean> {
  const inside = (path: string) =>
    entries.some((entry) => !relative(join(dir, entry), path).startsWith('..'));
  for (const entry of entries) {
    for (const link of await topLinks(join(dir, entry))) {
      const target = resolve(dirname(link), await readlink(link));
      const inLayer = !relative(dir, target).startsWith('..');
      if (inLayer && !inside(target)) return false;
    }
  }
  return true;
}

/** Links in a folder and in its scope folders (`@scope`). */
async function topLinks(folder: string): Promise<string[]> {
  const found = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const nested = found
    .filter((item) => item.isDirectory() && item.name.startsWith('@'))
    .map((item) => topLinks(join(folder, item.name)));
  const own = found.filter((item) => item.isSymbolicLink()).map((item) => join(folder, item.name));
  return [...own, ...(await Promise.all(nested)).flat()];
}
