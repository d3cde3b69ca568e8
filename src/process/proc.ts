import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Whether this system shows its processes under /proc. */
export const hasProc = existsSync('/proc/self/environ');

/** Ids of every process of this machine. */
export function processIds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/**
 * Environment a process was started with; empty when it is gone or belongs to somebody else, and then it is not ours to signal either.
 * Asked of every process of the machine after each of ours: read at once, that takes a fifth of the time that it takes through promises.
 */
export function environOf(pid: number): readonly string[] {
  return read(`/proc/${pid}/environ`).split('\0');
}

interface Stat {
  /** `Z`: dead, waiting to be reaped. */
  readonly state: string;
  readonly parent: number;
  /** Process group. */
  readonly group: number;
  /** When it was started, in ticks since boot: tells two processes apart that had one pid after the other. */
  readonly since: string;
}

/** What the kernel says of a process; null when it is gone. */
export const statOf = (pid: number): Stat | null => parseStat(read(`/proc/${pid}/stat`));

function parseStat(text: string): Stat | null {
  // The name in parentheses may hold anything, blanks and parentheses included.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group, since] = [fields[0], fields[1], fields[2], fields[19]];
  if (state === undefined || group === undefined || since === undefined) return null;
  return { state, parent: Number(parent), group: Number(group), since };
}

/** Ids of the children of a process. */
export function childrenOf(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    // Gone; or a kernel without that file, where every process has to be asked.
    if (statOf(pid) === null) return [];
    return processIds().filter((each) => statOf(each)?.parent === pid);
  }
}

/** Whether one process still runs: one that is dead but not reaped yet does not. */
export function isRunning(pid: number): boolean {
  const stat = statOf(pid);
  return stat !== null && stat.state !== 'Z' && stat.state !== 'X';
}

/** Text of a file of the kernel; empty when its process is gone, or somebody else's. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    // Nothing is known of it, whatever the reason.
    return '';
  }
}
