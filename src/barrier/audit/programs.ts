import { fileURLToPath } from 'node:url';

/** In a source tree, where tests run, the built programs lie in `dist/` beside `src/`. */
const here = import.meta.url.replace('/src/barrier/audit/', '/dist/barrier/audit/');
const file = (path: string): string => fileURLToPath(new URL(path, here));

/** The program that hunts from an agent's place: one file, which is all that has to be shown inside. */
export const HUNTER = file('../../bundle/hunter.mjs');
