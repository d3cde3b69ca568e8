import { createHash } from 'node:crypto';
import { access, mkdir, readFile, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { err, ok } from '../domain/index.ts';
import type { Problem, Result } from '../domain/index.ts';
import { run } from '../process/index.ts';
import type { Exit } from '../process/index.ts';
import { cleanCommit } from './clean.ts';
import { expectOk, gitProblem, succeeded } from './git.ts';
import { detectInstall, INSTALL_INPUTS } from './install-command.ts';
import { inPlain } from './store.ts';
import type { Repository } from './store.ts';

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
  /** Default 20 minutes. */
  readonly wallMs?: number;
  /** Marks its processes as the run's. */
  readonly marker?: string;
}

export interface Installer {
  /** The layer of a commit, null when it needs none. Callers at the same time share one install. */
  readonly layer: (commit: string, signal?: AbortSignal) => Promise<Result<Layer | null, Problem>>;
}

const WALL_MS = 20 * 60 * 1000;
type Answer = Promise<Result<Layer | null, Problem>>;

/** Installs dependencies once per hash of command, lockfiles and manifests. */
export function installer(repo: Repository, options: InstallOptions): Installer {
  const byCommit = new Map<string, Answer>();
  const byHash = new Map<string, Answer>();
  const remember = (map: Map<string, Answer>, key: string, make: () => Answer): Answer => {
    const known = map.get(key);
    if (known !== undefined) return known;
    const made = make().then((result) => {
      if (!result.ok) map.delete(key);
      return result;
    });
    map.set(key, made);
    return made;
  };
  return {
    layer: async (commit, signal) => {
      const clean = await cleanCommit(repo, commit);
      if (!clean.ok) return clean;
      return remember(byCommit, clean.value, async () => {
        const wanted = await whatToInstall(repo, { commit, clean: clean.value }, options);
        if (!wanted.ok || wanted.value === null) return wanted.ok ? ok(null) : wanted;
        const { hash, command } = wanted.value;
        const work = { hash, command, clean: clean.value, options, ...(signal ? { signal } : {}) };
        return remember(byHash, hash, () => makeLayer(repo, work));
      });
    },
  };
}

interface Wanted {
  readonly command: string;
  readonly hash: string;
}

async function whatToInstall(
  repo: Repository,
  { commit, clean }: { commit: string; clean: string },
  options: InstallOptions,
): Promise<Result<Wanted | null, Problem>> {
  const detected =
    options.command === null
      ? await repo.templates.with(repo, commit, async ({ dir }) => ok(await detectInstall(dir)))
      : ok(options.command);
  if (!detected.ok) return detected;
  const command = detected.value;
  if (command === null || command.trim() === '') return ok(null);
  const listed = expectOk(
    'The files of the base could not be listed',
    await repo.git(['ls-tree', '-r', '-z', clean], { at: inPlain(repo) }),
  );
  if (!listed.ok) return listed;
  const inputs = listed.value
    .split('\0')
    .filter((line) =>
      INSTALL_INPUTS.test(line.slice(line.lastIndexOf('/') + 1).replace(/^.*\t/, '')),
    );
  const hash = createHash('sha256')
    .update(JSON.stringify([command, inputs]))
    .digest('hex');
  return ok({ command, hash: hash.slice(0, 24) });
}

interface Work extends Wanted {
  readonly clean: string;
  readonly options: InstallOptions;
  readonly signal?: AbortSignal;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function makeLayer(repo: Repository, work: Work): Answer {
  const layers = join(repo.scratch, 'layers');
  const dir = join(layers, work.hash);
  const record = join(layers, `${work.hash}.json`);
  // Written last: without it the folder is what an interrupted install left.
  if (await exists(record)) return ok(JSON.parse(await readFile(record, 'utf8')) as Layer);
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  // Built where it stays, because virtual environments hold absolute paths.
  const index = `${dir}.index`;
  await rm(index, { force: true });
  const at = { ...inPlain(repo), cwd: dir, workTree: dir, index };
  const written = await repo.git(['read-tree', '-u', '--reset', work.clean], { at });
  if (!succeeded(written)) return err(gitProblem('The install could not be prepared', written));
  const exit = await install(repo, work, dir);
  if (!succeeded(exit)) return err(installProblem(work.command, exit));

  const made = await repo.git(['ls-files', '--others', '--directory', '-z'], { at });
  if (!succeeded(made)) return err(gitProblem('The install could not be looked through', made));
  const entries = made.stdout
    .split('\0')
    .filter((path) => path !== '')
    .map((path) => path.replace(/\/$/, ''));
  // What is in git goes: a layer holds only what the install made.
  const emptied = await repo.git(
    ['read-tree', '-u', '--reset', EMPTY_TREE[repo.objectFormat] ?? ''],
    { at },
  );
  if (!succeeded(emptied)) return err(gitProblem('The install could not be tidied', emptied));
  await rm(index, { force: true });
  if (entries.length === 0) return ok(null);
  const layer = {
    hash: work.hash,
    dir,
    entries,
    selfContained: await isSelfContained(dir, entries),
  };
  await writeFile(record, JSON.stringify(layer));
  return ok(layer);
}

const EMPTY_TREE: Readonly<Record<string, string>> = {
  sha1: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  sha256: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
};

function install(repo: Repository, { command, options, signal }: Work, cwd: string): Promise<Exit> {
  return run(
    {
      label: `install (${command})`,
      command: ['sh', '-c', command],
      cwd,
      env: { ...options.env, CI: 'true' },
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

function installProblem(command: string, exit: Exit): Problem {
  const lines = `${exit.stdout}\n${exit.stderr}`.split('\n').filter((line) => line.trim() !== '');
  const last = lines.slice(-LAST_LINES).join(' | ');
  return {
    where: command,
    what: `The project's dependencies could not be installed: the command ${exit.summary}${last === '' ? '' : `: ${last}`}`,
    remedy:
      'Run it in a fresh clone until it works, or declare another command as install: in .start/factory.yaml.',
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
