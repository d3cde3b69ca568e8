import { fileURLToPath } from 'node:url';

/** In a source tree, where tests run, the built programs lie in `dist/` beside `src/`. */
const here = import.meta.url.replace('/src/barrier/network/', '/dist/barrier/network/');
const file = (path: string): string => fileURLToPath(new URL(path, here));

/** The program that carries routes in front of a command: one file, which is all that has to be shown inside. */
export const BRIDGE = file('../../bundle/bridge.mjs');
