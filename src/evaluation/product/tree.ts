import { constants } from 'node:fs';
import { chmod, cp, lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A copy is made of a product up to this size; of a larger one only the top folder is private. */
const COPY_FILES = 3000;
const COPY_BYTES = 64 * 1024 * 1024;
const NEVER_COPIED = new Set(['.git', 'node_modules']);

/**
 * Gives an attempt a working tree of the product for itself at `to`, so that what a command writes disturbs no other attempt.
 * `node_modules` is shared.
 */
export async function privateTree(from: string, to: string): Promise<void> {
  if (await isSmall(from)) await copy(from, to);
  else await mirror(from, to);
}

async function copy(from: string, to: string): Promise<void> {
  await cp(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (source) => source === from || !NEVER_COPIED.has(path.basename(source)),
  });
  for (const folder of await foldersOf(from)) {
    await linkIfThere(
      path.join(from, folder, 'node_modules'),
      path.join(to, folder, 'node_modules'),
    );
  }
}

/** The root and its direct folders: where packages of a workspace keep their own `node_modules`. */
async function foldersOf(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  const folders = entries.filter((e) => e.isDirectory() && !NEVER_COPIED.has(e.name));
  return ['', ...folders.map((entry) => entry.name)];
}

/** Links in place of everything at the top: reading is shared, new files are private. */
async function mirror(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    if (name !== '.git') await symlink(path.join(from, name), path.join(to, name));
  }
}

async function linkIfThere(from: string, to: string): Promise<void> {
  const there = await lstat(from).catch(() => null);
  if (there) await symlink(from, to);
}

async function isSmall(dir: string): Promise<boolean> {
  let files = 0;
  let bytes = 0;
  const ahead = [dir];
  for (let folder = ahead.pop(); folder !== undefined; folder = ahead.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (NEVER_COPIED.has(entry.name)) continue;
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) ahead.push(file);
      files += 1;
      if (entry.isFile()) bytes += (await lstat(file)).size;
      if (files > COPY_FILES || bytes > COPY_BYTES) return false;
    }
  }
  return true;
}

/**
 * Makes the commands that the product's package.json declares callable by their names, as they are after an install. Returns the
 * folders to put in front of `PATH`.
 */
export async function commandPath(tree: string, shims: string, node: string): Promise<string[]> {
  await mkdir(shims, { recursive: true });
  for (const [name, target] of await binaries(tree)) {
    const file = path.join(tree, target);
    const program = /\.[cm]?js$/.test(target) ? `${quote(node)} ${quote(file)}` : quote(file);
    const shim = path.join(shims, name);
    await writeFile(shim, `#!/bin/sh\nexec ${program} "$@"\n`);
    await chmod(shim, 0o755);
  }
  return [shims, path.join(tree, 'node_modules', '.bin'), path.join(tree, 'bin'), tree];
}

/** Whoever wrote the product chose the name: it must be able to be a file's. */
const COMMAND = /^\w[\w.-]{0,99}$/;

async function binaries(tree: string): Promise<[string, string][]> {
  let manifest: { name?: unknown; bin?: unknown } | null;
  try {
    const file = path.join(tree, 'package.json');
    // The product has been at work here: a pipe in its place would never end, a link leads anywhere.
    if (!(await lstat(file)).isFile()) return [];
    manifest = JSON.parse(await readFile(file, 'utf8')) as object | null;
  } catch {
    // Not a package: its commands are called by their paths.
    return [];
  }
  const { name, bin } = manifest ?? {};
  const own = typeof name === 'string' ? name.replace(/^@[^/]*\//, '') : '';
  const entries = typeof bin === 'string' ? [[own, bin]] : Object.entries(bin ?? {});
  return entries.filter(
    (entry): entry is [string, string] =>
      typeof entry[0] === 'string' && COMMAND.test(entry[0]) && typeof entry[1] === 'string',
  );
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The absolute path of a relative one inside `root`, or null when it leads out of it. */
export function inside(root: string, relative: string): string | null {
  const file = path.resolve(root, relative);
  return file.startsWith(root + path.sep) ? file : null;
}
