import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { gitProblem, succeeded } from '../git.ts';
import { handOver } from '../landing/hand-over.ts';
import { harvestGitDir } from '../store.ts';
import type { Repository } from '../store.ts';
import type { Layer } from './layer.ts';

interface Occupied {
  readonly commit: string;
  readonly dir: string;
  readonly layer: Layer | null;
  /** Folder of its index. */
  readonly place: string;
}

/** Says of a copied layer which it is. */
export const STAMP = '.factory-layer';

/**
 * Brings a product folder to a commit while the product runs in it. Whoever runs there could put a link in the way of every step, between
 * the look and the write: so git is shut in with the folder, and all that it could be led to is the folder itself.
 */
export const checkoutUnder = (
  repo: Repository,
  { commit, dir, layer, place }: Occupied,
): Promise<Result<null, Problem>> =>
  repo.templates.with(repo, commit, async ({ clean, dir: template }) => {
    await mkdir(place, { recursive: true });
    await writeFile(join(place, 'HEAD'), `${clean}\n`);
    await handOver(repo, [place]);
    const commonDir = harvestGitDir(repo.scratch);
    const objects = join(template, '.git/objects');
    const kind = layer === null ? 'none' : layer.selfContained ? 'link' : 'copy';
    const named = layer === null ? ['', ''] : [layer.dir, layer.hash];
    const exit = await repo.script(
      UPDATE,
      [clean, STAMP, kind, ...named, ...(layer?.entries ?? [])],
      {
        at: {
          cwd: dir,
          gitDir: place,
          commonDir,
          objects,
          workTree: dir,
          index: join(place, 'index'),
        },
        view: {
          read: [commonDir, objects, ...(layer === null ? [] : [layer.dir])],
          write: [dir, place],
        },
      },
    );
    if (!succeeded(exit))
      return err(gitProblem(`The product could not be checked out in ${dir}`, exit));
    return ok(null);
  });

/** `$1` the commit, `$2` the stamp's name, `$3` what is done with the layer `$4` of hash `$5`, then its entries. */
const UPDATE = `
  clean=$1 stamp=$2 kind=$3 layer=$4 hash=$5 && shift 5 &&
  git read-tree -u --reset "$clean" || exit
  case $kind in
    link)
      for entry; do
        [ "$(readlink -- "$entry")" = "$layer/$entry" ] && continue
        rm -rf -- "$entry" && mkdir -p -- "$(dirname -- "$entry")" && ln -s -- "$layer/$entry" "$entry" || exit
      done ;;
    copy)
      [ "$(readlink -- "$stamp")" = "$hash" ] && exit
      rm -rf -- "$stamp" "$@" && cp -a -- "$layer/." . && ln -s -- "$hash" "$stamp" ;;
  esac`;
