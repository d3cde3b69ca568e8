import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { err, ok } from '../domain/index.ts';
import type { Problem, Result } from '../domain/index.ts';
import { readFolder } from './folder.ts';
import { explain } from './read.ts';

/** Where a spec directory is. Paths are absolute. */
export interface SpecLocation {
  /** `NNN-name`. */
  readonly name: string;
  readonly dir: string;
  readonly manifestFile: string;
}

export const MANIFEST = 'manifest.md';

/** The spec in a directory; without a manifest, what is missing and what makes it. */
export async function atDirectory(dir: string): Promise<Result<SpecLocation, Problem>> {
  const kind = await kindOf(join(dir, MANIFEST));
  if (kind === 'file') return ok(locate(dir));
  if (typeof kind === 'object') {
    return err({
      where: join(dir, MANIFEST),
      what: `The manifest cannot be read: ${kind.failure}.`,
      remedy: 'Correct the link or the permissions.',
    });
  }
  if (kind === 'directory') {
    return err({
      where: join(dir, MANIFEST),
      what: 'The manifest is a directory.',
      remedy: 'Put a file `manifest.md` in its place.',
    });
  }
  return err(await withoutManifest(dir));
}

export const locate = (dir: string): SpecLocation => ({
  name: basename(resolve(dir)),
  dir: resolve(dir),
  manifestFile: join(resolve(dir), MANIFEST),
});

/** What is there tells how far the specification has come, and so what makes the next artefact. */
async function withoutManifest(dir: string): Promise<Problem> {
  const { files } = await readFolder(dir);
  const background = ['requirements.md', 'solution.md'].filter((name) => files.includes(name));
  const has = background.length === 0 ? '' : `, only ${background.join(' and ')}`;
  const first =
    background.length === 1
      ? ` (${background[0] === 'solution.md' ? 'requirements.md' : 'solution.md'} is missing too)`
      : '';
  return {
    where: dir,
    what: `This spec has no manifest.md${has}${first}.`,
    remedy:
      'Make manifest.md, units/ and scenarios/: in Claude Code with /specify-factory (`implement-factory init` copies it here), or by hand from the templates that `implement-factory new` lays out.',
  };
}

/** What is at a path, links followed. */
export async function kindOf(
  path: string,
): Promise<'file' | 'directory' | 'missing' | { readonly failure: string }> {
  try {
    return (await stat(path)).isDirectory() ? 'directory' : 'file';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : { failure: explain(error) };
  }
}
