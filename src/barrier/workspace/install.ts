import { createHash } from 'node:crypto';
import { ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { cleanCommit } from '../branch/clean.ts';
import { expectOk } from '../git.ts';
import { detectInstall, INSTALL_INPUTS } from './install-command.ts';
import { makeLayer } from './layer.ts';
import type { InstallOptions, Layer, Wanted } from './layer.ts';
import { inPlain } from '../store.ts';
import type { Repository } from '../store.ts';

export interface Installer {
  /** The layer of a commit, null when it needs none. Callers at the same time share one install. */
  readonly layer: (commit: string, signal?: AbortSignal) => Promise<Result<Layer | null, Problem>>;
}

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
