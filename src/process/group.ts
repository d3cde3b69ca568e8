import { hasProc, isRunning, processIds, statOf } from './proc.ts';
import type { Hold } from './hold.ts';
import { signalTree } from './tree.ts';
import { until } from './wait.ts';

/** Time a group gets to end by itself after its leader did, ms: pipelines flush, shims reap. */
const LINGER_MS = 100;
/** After a kill only the kernel can keep a process; it is not waited for longer than this, ms. */
const AFTER_KILL_MS = 1000;

/** Signals every process of a group. False when there is none left. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch (error) {
    // EPERM: a member runs as somebody else now (setuid); it exists, and is out of reach.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** True when no member runs. Members that are dead but not reaped yet (an init that does not reap) do not count. */
function isGone(leader: number): boolean {
  if (!signalGroup(leader, 0)) return true;
  if (!hasProc) return false;
  return !processIds().some((pid) => statOf(pid)?.group === leader && isRunning(pid));
}

/** A leader and its group. `sweep` ends what left the group. */
export const groupHold = (leader: number, graceMs: number, sweep: () => Promise<unknown>): Hold => {
  const signal = (name: NodeJS.Signals) => {
    signalTree(leader, name);
    signalGroup(leader, name);
  };
  return {
    terminate: () => signal('SIGTERM'),
    kill: () => signal('SIGKILL'),
    async clear() {
      await endGroup(leader, graceMs);
      await sweep();
    },
  };
};

/** Ends what a leader left in its group: a moment of its own, TERM, `graceMs`, KILL. */
async function endGroup(leader: number, graceMs: number): Promise<void> {
  const gone = () => isGone(leader);
  if (!signalGroup(leader, 0) || (await until(LINGER_MS, gone))) return;
  signalGroup(leader, 'SIGTERM');
  if (await until(graceMs, gone)) return;
  signalGroup(leader, 'SIGKILL');
  await until(AFTER_KILL_MS, gone);
}

const living = new Set<number>();
const killAll = () => {
  for (const leader of living) signalGroup(leader, 'SIGKILL');
};

/** Last resort: a group still alive when this process exits is killed with it. Returns the way out of that. */
export function dieWithUs(leader: number): () => void {
  if (living.size === 0) process.on('exit', killAll);
  living.add(leader);
  return () => {
    living.delete(leader);
    if (living.size === 0) process.off('exit', killAll);
  };
}
