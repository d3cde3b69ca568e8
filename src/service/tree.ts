import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';

/** What discovery may look at: the files of a product's tree, by paths relative to its root. */
export interface Tree {
  /** Text of a file; null when there is none (or it is too large to be one a person wrote). */
  read(path: string): string | null;
  /** Names in a folder; empty when there is none. */
  list(path: string): readonly string[];
}

const LARGEST = 1024 * 1024;

/** The tree in a folder. Links that lead out of it are not followed. */
export function treeIn(dir: string): Tree {
  const within = (path: string): string | null => {
    try {
      const [root, real] = [realpathSync(dir), realpathSync(join(dir, path))];
      return real === root || real.startsWith(root + sep) ? real : null;
    } catch {
      // Nothing there: the usual answer, as discovery asks for many names.
      return null;
    }
  };
  return {
    read: (path) => {
      const file = within(path);
      const stat = file === null ? undefined : statSync(file);
      if (file === null || stat?.isFile() !== true || stat.size > LARGEST) return null;
      return readFileSync(file, 'utf8');
    },
    list: (path) => {
      const folder = within(path);
      return folder !== null && statSync(folder).isDirectory() ? readdirSync(folder).sort() : [];
    },
  };
}
