import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem, Result } from '../domain/index.ts';
import { attempt } from './problem.ts';

/** `.factory/` ignores itself, so that no project has to know of it. */
export function makeFactoryDir(dir: string): void {
  mkdirSync(dir, { recursive: true });
  const ignore = join(dir, '.gitignore');
  if (statSync(ignore, { throwIfNoEntry: false }) === undefined) writeFileSync(ignore, '*\n');
}

/** Names become folders: one that could leave its place is our own bug, since specs and ids come from the parser and the cli. */
export function segment(name: string): string {
  if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name)) {
    throw new Error(`Internal error: ${JSON.stringify(name)} cannot name a folder`);
  }
  return name;
}

/** Where a run that nobody looks at writes what it would tell a terminal; the folder is made. */
export const logFileFor = (projectDir: string, spec: string): Result<string, Problem> => {
  const dir = join(projectDir, '.factory', 'logs');
  const file = join(dir, `${segment(spec)}.log`);
  return attempt(file, () => {
    makeFactoryDir(join(projectDir, '.factory'));
    mkdirSync(dir, { recursive: true });
    return file;
  });
};
