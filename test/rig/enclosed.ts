import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSandbox } from '../../src/barrier/index.ts';
import { openNetwork } from '../../src/barrier/network/index.ts';
import type { Network } from '../../src/barrier/network/index.ts';
import type { Sandbox } from '../../src/process/index.ts';
import { removeTree } from '../../src/process/index.ts';

/** A sandbox and the ways through its wall. */
export interface Enclosed extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly network: Network;
  /** Takes a line for each refused host. */
  readonly logFile: string;
}

/** Opens both, or fails the test with the reason why this machine cannot. */
export async function enclosed(hidden: readonly string[] = []): Promise<Enclosed> {
  const folder = mkdtempSync(join(tmpdir(), 'enclosed-'));
  const opened = await openSandbox({
    platform: process.platform,
    user: { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 },
    path: process.env['PATH'] ?? '',
    node: process.execPath,
    folder,
    hidden,
  });
  if (!opened.ok) throw new Error(`${opened.error.what} ${opened.error.remedy}`);
  const logFile = join(folder, 'network.log');
  const network = await openNetwork({
    temp: tmpdir(),
    sandbox: opened.value,
    logFile,
    upstream: () => '',
    now: () => new Date(),
  });
  return {
    sandbox: opened.value,
    network,
    logFile,
    async [Symbol.asyncDispose]() {
      await network.close();
      await removeTree(folder);
    },
  };
}
