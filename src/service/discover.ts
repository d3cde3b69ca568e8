import {
  discoverGo,
  discoverProcfile,
  discoverPython,
  discoverRuby,
} from './discover-languages.ts';
import { discoverInstructions } from './discover-instructions.ts';
import { discoverNodeFile, discoverScripts } from './discover-node.ts';
import type { Discovered } from './discovered.ts';
import type { Tree } from './tree.ts';

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
