import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder that lives as long as all tests: several files share a worker, and what they import. */
    readonly scratch: string;
  }
}

/** Makes the folder, and takes it away at the very end. */
export default function scratch(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'factory-tests-'));
  // Tests act as other users too.
  chmodSync(folder, 0o755);
  project.provide('scratch', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
