import { fileURLToPath } from 'node:url';

/** In a source tree, where tests run, the built programs lie in `dist/` beside `src/`. */
const here = import.meta.url.replace('/src/barrier/network/', '/dist/barrier/network/');
const file = (path: string): string => fileURLToPath(new URL(path, here));

/** The program that carries routes in front of a command. */
export const BRIDGE = file('./bridge.js');

/** All that the bridge consists of, to be shown inside; package.json says that it is written in modules. */
export const BRIDGE_FILES: readonly string[] = [
  BRIDGE,
  file('./carry.js'),
  file('../../../package.json'),
];
