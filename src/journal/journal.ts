import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, writeSync } from 'node:fs';
import type { Problem, Result, RunEvent, RunFact } from '../domain/index.ts';
import { err, ok, RunEvent as RunEventSchema } from '../domain/index.ts';
import { jumps } from './jumps.ts';
import { errnoOf, fileProblem } from './problem.ts';

/** Where a journal stands before the next event. */
export interface Tail {
  /** Open for appending. */
  readonly fd: number;
  readonly file: string;
  readonly run: string;
  readonly seq: number;
  readonly bytes: number;
}

export interface Clock {
  /** Stamps events. */
  readonly now: () => Date;
  /** Ms of a clock that nobody sets; null: it is not asked whether the other one was. */
  readonly ticks: (() => number) | null;
}

export interface Journal {
  append(fact: RunFact): Result<RunEvent, Problem>;
  close(): void;
}

/**
 * The writing end of a journal. Writes are synchronous, so that two events can never interleave and none is published before
 * the system has it: no kill of ours can lose it. Against a power cut it is synced where the world changes next (ADR 9).
 */
export function journalFrom(tail: Tail, { now, ticks }: Clock): Journal {
  let { seq, bytes } = tail;
  const jumped = ticks === null ? () => undefined : jumps(ticks);
  const disturbed = (): Problem | null => {
    const stat = fstatSync(tail.fd);
    // Without this a run whose `.factory/` was deleted would go on for hours into a file nobody can find again.
    if (stat.nlink === 0) return lost(tail.file, 'was deleted while the run was going on');
    return stat.size === bytes ? null : lost(tail.file, 'was changed by somebody else meanwhile');
  };
  return {
    append(fact) {
      const at = now();
      const jump = jumped(at);
      const event = stamped(fact, {
        seq: seq + 1,
        at: at.toISOString(),
        run: tail.run,
        ...(jump !== undefined && { jumped: jump }),
      });
      const line = Buffer.from(`${JSON.stringify(event)}\n`);
      try {
        const problem = disturbed();
        if (problem !== null) return err(problem);
        writeWhole(tail.fd, line);
        if (PROMISES.has(fact.type)) fdatasyncSync(tail.fd);
      } catch (error) {
        return err(takenBack(error, { ...tail, bytes }));
      }
      seq += 1;
      bytes += line.length;
      return ok(event);
    },
    close() {
      closeSync(tail.fd);
    },
  };
}

/**
 * After these something happens that the run must not have forgotten when the power comes back: a branch or the manifest moves, files
 * reach the project, a person is asked or was heard, a command ends and tells how. What was appended before them is synced with them.
 */
const PROMISES: ReadonlySet<RunFact['type']> = new Set([
  'run.started',
  'run.resumed',
  'run.paused',
  'run.stopped',
  'run.tripped',
  'run.finished',
  'group.finished',
  'land.started',
  'gate.started',
  'manifest.editing',
  'manifest.edited',
  'question.asked',
  'decision.made',
]);

/** Envelope first: `runs` reads the time from the first bytes of a file. */
function stamped(
  fact: RunFact,
  envelope: Pick<RunEvent, 'seq' | 'at' | 'run' | 'jumped'>,
): RunEvent {
  const parsed = RunEventSchema.safeParse({ ...envelope, ...fact });
  // What does not fit would be refused as damage at the next start: better no run than one that cannot be resumed.
  if (!parsed.success) throw new Error(`Internal error: ${fact.type}: ${parsed.error.message}`);
  return parsed.data;
}

function writeWhole(fd: number, line: Buffer): void {
  for (let written = 0; written < line.length;) written += writeSync(fd, line, written);
}

/** A full disk may have taken half the line: what is not whole is removed, so that the file ends with the last good event. */
function takenBack(error: unknown, tail: Tail): Problem {
  const problem = fileProblem(error, tail.file);
  try {
    ftruncateSync(tail.fd, tail.bytes);
    return problem;
  } catch (second) {
    // The next open cuts the torn end; nothing is lost but tidiness.
    return {
      ...problem,
      what: `${problem.what} (Its torn end stays until the next start: ${errnoOf(second)}.)`,
    };
  }
}

const lost = (file: string, how: string): Problem => ({
  where: file,
  what: `The journal of this run ${how}.`,
  remedy:
    'Leave .factory/ alone while a run goes on. Start the same command again: completed units are on the run branch, and open ones are taken up.',
});
