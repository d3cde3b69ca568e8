import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, inject } from 'vitest';
import { openSandbox } from '../../src/barrier/index.ts';
import type { Result } from '../../src/domain/index.ts';
import type { Sandbox } from '../../src/process/index.ts';

const folder = mkdtempSync(join(inject('scratch'), 'sandbox-'));

/** Who runs the tests. */
const user = { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 };

/** Opens a sandbox as a run does. Nothing is hidden but what is said here. */
const open = (hidden: readonly string[] = []): Promise<Result<Sandbox, unknown>> =>
  openSandbox({
    platform: process.platform,
    user,
    path: process.env['PATH'] ?? '',
    node: process.execPath,
    folder,
    hidden,
  });

const tried = await open();
if (!tried.ok) {
  const reason = JSON.stringify(tried.error, null, 2);
  // Where CI has installed what it takes, a skipped test would be a lie.
  if (process.env['SANDBOX_REQUIRED'] === 'true') throw new Error(`No sandbox: ${reason}`);
  console.warn(`Tests of the sandbox are skipped: ${reason}`);
}

/** Only used where `behindWall` lets tests run. */
export const sandbox: Sandbox = tried.ok ? tried.value : { kind: 'none' };

/** Tests that need a sandbox. */
export const behindWall = tried.ok ? describe : describe.skip;
