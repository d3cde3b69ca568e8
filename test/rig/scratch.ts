import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder that lives as long as all tests: several files share a worker, and what they import. */
    readonly scratch: string;
  }
}

/**
 * Makes the folder, and another one that is the temporary folder of all tests. Takes both away at the very end, and tells when a
 * test has left something behind.
 */
export default function scratch(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'factory-tests-'));
  // Tests act as other users too.
  chmodSync(folder, 0o755);
  project.provide('scratch', folder);
  // Short: the address of a socket has room for a hundred characters.
  const temp = mkdtempSync(join(tmpdir(), 't-'));
  chmodSync(temp, 0o1777);
  // Workers start with this environment.
  process.env['TMPDIR'] = temp;
  return () => {
    const left = readdirSync(temp);
    for (const each of [folder, temp]) rmSync(each, { recursive: true, force: true });
    if (left.length === 0) return;
    console.error(`Tests have left ${left.length} in the temporary folder: ${left.join(', ')}`);
  };
}
