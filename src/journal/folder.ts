import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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
