import { existsSync } from 'node:fs';
import treeKill from 'tree-kill';
import { hasProc } from './proc.ts';

/** The lister tree-kill spawns; without it tree-kill throws where nobody can catch. */
const lister = process.platform === 'darwin' ? ['/usr/bin/pgrep'] : ['/bin/ps', '/usr/bin/ps'];

/**
 * Signals a living process and its descendants by parentage, which reaches children in sessions of their own. Only where /proc
 * is missing: elsewhere the marker sweep finds more.
 */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  if (hasProc || !lister.some((file) => existsSync(file))) return;
  treeKill(pid, signal, () => {
    // A descendant that ended meanwhile is what was wanted.
  });
}
