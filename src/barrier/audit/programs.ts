import { fileURLToPath } from 'node:url';

/** In a source tree, where tests run, the built programs lie in `dist/` beside `src/`. */
const here = import.meta.url.replace('/src/barrier/audit/', '/dist/barrier/audit/');
const file = (path: string): string => fileURLToPath(new URL(path, here));

/** The program that hunts from an agent's place. */
export const HUNTER = file('./child/hunter.js');

/** All that it consists of, to be shown inside; package.json says that it is written in modules. */
export const HUNTER_FILES: readonly string[] = [file('./child'), file('../../../package.json')];
