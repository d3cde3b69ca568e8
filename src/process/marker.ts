import { randomUUID } from 'node:crypto';
import { environOf, hasProc, isRunning, processIds } from './proc.ts';
import { until } from './wait.ts';

/** In the environment of every child: tells who belongs to whom, whatever group or session it moved to. */
export const MARKER = 'FACTORY_PROCESS';

const ROUNDS = 5;

/** A marker of its own for one process: `<marker>:<random>`. */
export const newMarker = (marker = ''): string => `${marker}:${randomUUID()}`;

type Match = (environ: readonly string[]) => boolean;

/** Running processes that carry a marker, never pid 1 and never ourselves. */
const strays = (match: Match): number[] =>
  processIds().filter(
    (pid) => pid !== 1 && pid !== process.pid && match(environOf(pid)) && isRunning(pid),
  );

function signal(pid: number, match: Match, name: NodeJS.Signals): void {
  // The pid may belong to somebody else by now.
  if (!match(environOf(pid))) return;
  try {
    process.kill(pid, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

/** TERM, `graceMs`, KILL for every match, again until none is left: a stray may have started another meanwhile. */
async function endAll(match: Match, graceMs: number): Promise<number> {
  if (!hasProc) return 0;
  const seen = new Set<number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const found = strays(match);
    if (found.length === 0) break;
    const gone = () => !found.some(isRunning);
    for (const pid of found) {
      seen.add(pid);
      signal(pid, match, 'SIGTERM');
    }
    if (await until(graceMs, gone)) continue;
    for (const pid of found) signal(pid, match, 'SIGKILL');
    await until(1000, gone);
  }
  return seen.size;
}

/** Ends what still carries exactly this marker. Tells how many there were. */
export const sweepProcess = (marker: string, graceMs: number): Promise<number> =>
  endAll((environ) => environ.includes(`${MARKER}=${marker}`), graceMs);

/**
 * Ends every process started with `plan.marker === marker`, and their descendants, wherever they are: what a killed run left
 * behind. Tells how many there were; always 0 on a system without /proc.
 */
export function sweepMarker(marker: string, graceMs = 2000): Promise<number> {
  if (marker === '') throw new Error('Internal error: an empty marker would match every process');
  const beginning = `${MARKER}=${marker}:`;
  return endAll((environ) => environ.some((entry) => entry.startsWith(beginning)), graceMs);
}
