import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { own } from '../../barrier/index.ts';
import type { SpawnPlan, View } from '../../process/index.ts';
import type { Bench } from '../settings.ts';
import { marked } from '../settings.ts';
import { commandPath, privateTree } from './tree.ts';

/** Where a product is. */
export interface ProductFiles {
  readonly dir: string;
  /** What else its programs must see: installed dependencies. */
  readonly read?: readonly string[];
}

/** The product could not be had, or not in the state it is to be in: the fault of neither the product nor the check. */
export class NoProduct extends Error {}

/** An attempt's own copy of the product, and how the product's programs are started in it. */
export class ProductCopy {
  readonly #bench: Bench;
  readonly #scratch: string;
  readonly #source: () => Promise<ProductFiles>;
  #tree: Promise<string> | null = null;
  /** What the copy links to. */
  #behind: readonly string[] = [];

  constructor(bench: Bench, scratch: string, source: () => Promise<ProductFiles>) {
    this.#bench = bench;
    this.#scratch = scratch;
    this.#source = source;
  }

  /** Made when it is first needed; throws `NoProduct`. */
  tree(): Promise<string> {
    this.#tree ??= this.#copy();
    return this.#tree;
  }

  async #copy(): Promise<string> {
    const tree = path.join(this.#scratch, 'product');
    const { dir, read = [] } = await this.#source();
    this.#behind = [dir, ...read];
    try {
      await privateTree(dir, tree);
      await own(this.#bench.sandbox, [tree]);
    } catch (error) {
      throw new NoProduct(`the product could not be copied: ${(error as Error).message}`);
    }
    return tree;
  }

  /**
   * A process with the product's eyes and hands: own home, its commands on the path; it sees the copy and what that links to. No check,
   * and no network but the routes of `more`.
   */
  async plan(
    command: SpawnPlan['command'],
    more: Pick<View, 'read' | 'routes'> = {},
  ): Promise<SpawnPlan> {
    const { env, node } = this.#bench;
    const cwd = await this.tree();
    const [home, shims] = ['home', 'bin'].map((name) => path.join(this.#scratch, name)) as [
      string,
      string,
    ];
    await sharedFolder(home);
    const first = await commandPath(cwd, shims, node);
    const { read = [], routes = [] } = more;
    return {
      label: 'command of the product',
      command,
      cwd,
      env: { ...env, HOME: home, PATH: [...first, env['PATH'] ?? ''].join(path.delimiter) },
      view: { read: [shims, ...this.#behind, ...read], write: [cwd, home], routes },
      sweep: true,
      ...marked(this.#bench),
    };
  }
}

/** A folder for whoever runs in the sandbox, who may be another user; the one around it keeps others out. */
export async function sharedFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o777);
}
