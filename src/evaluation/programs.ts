import { fileURLToPath } from 'node:url';

/** Programs that run beside this one are always the built ones: in a source tree, where the tests run, `dist/` lies beside `src/`. */
const here = import.meta.url.replace('/src/evaluation/', '/dist/evaluation/');
const file = (path: string): string => fileURLToPath(new URL(path, here));

/** Path of a program that runs beside this one. */
export const childProgram = (name: 'runner' | 'host'): string => file(`./child/${name}.js`);

/** All that these programs consist of, to be shown inside a sandbox; package.json says that they are written in modules. */
export const CHILD_FILES: readonly string[] = [
  file('./child'),
  file('../barrier/network/carry.js'),
  file('../../package.json'),
];
