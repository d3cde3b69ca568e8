import { fileURLToPath } from 'node:url';

/**
 * Path of a program that runs beside this one. It is always the built one: in a source tree, where the tests run, `dist/` lies
 * beside `src/`.
 */
export function childProgram(name: 'runner' | 'host'): string {
  const here = new URL(`./child/${name}.js`, import.meta.url).href;
  return fileURLToPath(here.replace(/\/src\/evaluation\/child\//, '/dist/evaluation/child/'));
}
