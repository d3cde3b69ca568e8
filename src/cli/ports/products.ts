import { join } from 'node:path';
import { checkout, forgetCheckout, type Installer, type Repository } from '../../barrier/index.ts';
import { ok, type Problem, type Result } from '../../domain/index.ts';
import { removeTree } from '../../process/index.ts';

export interface ProductTree {
  readonly dir: string;
  /** What a process must see to run it: the tree, and the dependencies that it links to. */
  readonly read: readonly string[];
}

/** Trees of the product: a commit's files without any spec directory, dependencies installed. */
export interface Products {
  /** The same name means the same folder, brought to the commit in place. */
  tree(
    commit: string,
    name: string,
    how?: { readonly occupied: boolean },
  ): Promise<Result<ProductTree & { dispose(): Promise<void> }, Problem>>;
  /** A tree that nothing runs in, for commands, exports and the project's own tests. */
  still(commit: string): Promise<Result<ProductTree, Problem>>;
}

export function productsOf(repo: Repository, installer: Installer): Products {
  const place = (name: string) => join(repo.scratch, 'products', name);
  const tree: Products['tree'] = async (commit, name, how) => {
    const dir = place(name);
    const layer = await installer.layer(commit);
    if (!layer.ok) return layer;
    const made = await checkout(repo, { commit, dir, layer: layer.value, ...how });
    if (!made.ok) return made;
    return ok({
      dir,
      read: layer.value === null ? [dir] : [dir, layer.value.dir],
      async dispose() {
        await removeTree(dir);
        await forgetCheckout(repo, dir);
      },
    });
  };
  let last: Promise<{ commit: string; made: Awaited<ReturnType<Products['still']>> }> | null = null;
  return {
    tree,
    // One at a time, as they share the folder; whoever wants what is there already gets it.
    async still(commit) {
      const next = (last ?? Promise.resolve(null)).then(async (was) =>
        was?.commit === commit && was.made.ok ? was : { commit, made: await tree(commit, 'still') },
      );
      last = next;
      return (await next).made;
    },
  };
}
