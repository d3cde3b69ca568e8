import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

/** Whether this system shows its processes under /proc. */
export const hasProc = existsSync('/proc/self/environ');

/** Ids of every process of this machine. */
export async function processIds(): Promise<number[]> {
  const names = await readdir('/proc');
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Environment a process was started with; empty when it is gone or belongs to somebody else. */
export async function environOf(pid: number): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
  return text.split('\0');
}

/** The same, without a moment between reading and acting on it. */
export function environNow(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    // Gone since the scan, or not ours to read: then it is not ours to signal either.
    return [];
  }
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
export async function statOf(pid: number): Promise<Stat | null> {
  return parseStat(await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => ''));
}

/** The same, without a moment between reading and acting on it. */
export function statNow(pid: number): Stat | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    // Gone, and with it all that could be known of it.
    return null;
  }
}

function parseStat(text: string): Stat | null {
  // The name in parentheses may hold anything, blanks and parentheses included.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group, since] = [fields[0], fields[1], fields[2], fields[19]];
  if (state === undefined || group === undefined || since === undefined) return null;
  return { state, parent: Number(parent), group: Number(group), since };
}

/** Ids of the children of a process. */
export function childrenNow(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    // Gone; or a kernel without that file, where every process has to be asked.
    if (statNow(pid) === null) return [];
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.map(Number).filter((each) => statNow(each)?.parent === pid);
  }
}

/** Whether one process still runs. */
export async function isRunning(pid: number): Promise<boolean> {
  const stat = await statOf(pid);
  return stat !== null && stat.state !== 'Z' && stat.state !== 'X';
}
