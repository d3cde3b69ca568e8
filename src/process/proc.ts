import { existsSync, readFileSync } from 'node:fs';
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

/** State letter (`Z`: dead, waiting to be reaped) and process group; null when the process is gone. */
export async function statOf(pid: number): Promise<{ state: string; group: number } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  // The name in parentheses may hold anything, blanks and parentheses included.
  const [state, , group] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return state === undefined || group === undefined ? null : { state, group: Number(group) };
}

/** Whether one process still runs. */
export async function isRunning(pid: number): Promise<boolean> {
  const stat = await statOf(pid);
  return stat !== null && stat.state !== 'Z' && stat.state !== 'X';
}
