import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadSpec, type LoadedSpec } from '../../src/manifest/index.ts';

/** Contents by path. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A temporary directory that goes with the test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'manifest é '));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Writes files, given by their path below `directory`. */
export async function writeFiles(directory: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
}

/** Loads what a directory of these files holds. */
export async function load(files: Files): Promise<LoadedSpec & { dir: string }> {
  const dir = await temporaryDirectory();
  await writeFiles(dir, files);
  const manifestFile = join(dir, 'manifest.md');
  return { dir, ...(await loadSpec({ name: basename(dir), dir, manifestFile })) };
}

const NOBODY = 65_534;

/** Permissions do not bind the superuser: runs as somebody they do bind, who may reach `directory`. */
export async function unprivileged<T>(directory: string, act: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return act();
  await chmod(directory, 0o755);
  process.seteuid?.(NOBODY);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
}

export const MANIFEST = [
  '---',
  'title: Shop',
  '---',
  '## Units',
  '- [ ] api: The API — no dependencies',
  '- [ ] cart: The cart, and more — after: api',
  '## Execution Order',
  'Group 1 (parallel): api',
  'Group 2 (sequential): cart',
  '',
].join('\n');

/** A valid spec of two units. */
export const FILES: Readonly<Record<string, string>> = {
  'manifest.md': MANIFEST,
  'units/api.md': '# The API\n',
  'units/cart.md':
    '---\nid: cart\ntitle: The cart, and more\nafter: [api]\ngroup: 2\nowner: x\n---\n# Cart\n',
  'scenarios/api/lists.md': '# Lists things (P0)\n\nIt does.\n',
  'scenarios/api/notes.txt': 'no scenario',
  'scenarios/cart/adds-one.md': '---\npriority: p2\n---\n\nText first.\n\n## Adds one\n',
  'scenarios/cart/empties.md': '# Empties\n\nPriority: P0\n',
  'scenarios/cart/no-heading.md': 'It works.\n',
};
