import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * Whether whoever started this process wants it to outlive its terminal, as `nohup` does. That it ignores SIGHUP cannot be asked: Node.js
 * gives every signal back to its default at its start. Left are the name that a shell notes of what it started, and the unreadable
 * input that GNU nohup puts in the place of a terminal.
 */
export const outlivesTerminal = (env: Readonly<Record<string, string | undefined>>): boolean =>
  basename(env['_'] ?? '') === 'nohup' || isInputUnreadable();

const WRITE_ONLY = 1;
const ACCESS_MODE = 3;

/** Only Linux tells. */
function isInputUnreadable(): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync('/proc/self/fdinfo/0', 'utf8'))?.[1];
    return (Number.parseInt(flags ?? '0', 8) & ACCESS_MODE) === WRITE_ONLY;
  } catch {
    return false;
  }
}
