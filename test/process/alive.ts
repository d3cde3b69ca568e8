import { readFileSync } from 'node:fs';

/** Whether a process runs. One that is dead but not reaped yet by its new parent does not. */
export function alive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
