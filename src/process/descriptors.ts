import { closeSync, readdirSync, readFileSync } from 'node:fs';

/** `O_CLOEXEC` as Linux writes it in /proc. */
const CLOSED_ON_EXEC = 0o2000000;

/**
 * Closes what this process inherited beyond its three streams and would hand on to every child: a descriptor of a folder leads out of any
 * sandbox. What Node itself opens is never handed on, and stays. Linux only.
 */
export function closeInherited(): void {
  for (const name of readdirSync('/proc/self/fdinfo')) {
    const fd = Number(name);
    if (fd > 2 && isHandedOn(fd)) closeSync(fd);
  }
}

function isHandedOn(fd: number): boolean {
  try {
    const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSED_ON_EXEC) === 0;
  } catch {
    // The one that listed the folder.
    return false;
  }
}
