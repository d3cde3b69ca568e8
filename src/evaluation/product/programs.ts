import { fileURLToPath } from 'node:url';

/** Programs that run beside this one are always the built ones: in a source tree, where the tests run, `dist/` lies beside `src/`. */
const here = import.meta.url.replace('/src/evaluation/product/', '/dist/evaluation/product/');
const file = (path: string): string => fileURLToPath(new URL(path, here));

/** Path of a program that runs beside this one: one file, which is all that has to be shown inside. */
export const childProgram = (name: 'runner' | 'host'): string => file(`../../bundle/${name}.mjs`);
