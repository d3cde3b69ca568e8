import {
  discoverGo,
  discoverProcfile,
  discoverPython,
  discoverRuby,
} from './discover-languages.ts';
import { discoverInstructions } from './discover-instructions.ts';
import { discoverNodeFile, discoverScripts } from './discover-node.ts';
import type { Tree } from './tree.ts';

/** A start command found in the project. */
export interface Discovered {
  /** Shell command; may use `$PORT`. */
  readonly command: string;
  /** Port it listens on when it ignores `PORT`; null when nothing tells. */
  readonly port: number | null;
  /** File it was found in. */
  readonly source: string;
}

/** In order of trust: what people wrote down, what scripts say, what frameworks are known for. */
const ways: readonly ((tree: Tree) => Discovered | null)[] = [
  discoverInstructions,
  discoverScripts,
  discoverProcfile,
  discoverNodeFile,
  discoverPython,
  discoverRuby,
  discoverGo,
];

/** How the product in a tree is started, as far as its files tell; null when they do not. Pure apart from reading the tree. */
export function discover(tree: Tree): Discovered | null {
  for (const way of ways) {
    const found = way(tree);
    if (found !== null) return found;
  }
  return null;
}
