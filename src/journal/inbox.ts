import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { Problem, Result } from '../domain/index.ts';
import { Decision, Question } from '../domain/index.ts';
import { attempt, errnoOf } from './problem.ts';

const Dropped = z.object({ subject: Question.shape.subject, decision: Decision });
/** A decision made in another terminal. */
export type Dropped = z.infer<typeof Dropped>;

/** A decision found in the inbox. */
export interface TakenDecision extends Dropped {
  /** Call after it is journalled: until then a crash leaves it to be taken again. */
  done(): void;
}

const inboxOf = (runDir: string): string => join(runDir, 'inbox');
const numberOf = (name: string): number => Number(/^(\d+)\.json$/.exec(name)?.[1] ?? Number.NaN);

/**
 * Leaves a decision for the run in `runDir`, after those already there. It appears whole or not at all, and two that are dropped at once both stay.
 */
export function dropDecision(runDir: string, dropped: Dropped): Result<void, Problem> {
  const inbox = inboxOf(runDir);
  return attempt(inbox, () => {
    mkdirSync(inbox, { recursive: true });
    const draft = join(inbox, `${randomUUID()}.tmp`);
    writeFileSync(draft, `${JSON.stringify(dropped)}\n`, { flush: true });
    try {
      let number = Math.max(0, ...pending(inbox)) + 1;
      while (!linked(draft, join(inbox, `${String(number)}.json`))) number += 1;
    } finally {
      rmSync(draft, { force: true });
    }
  });
}

/** Decisions waiting in `runDir`, oldest first. A file that holds none is set aside as `*.malformed`, with a note for a person. */
export function takeDecisions(
  runDir: string,
): Result<
  { readonly taken: readonly TakenDecision[]; readonly notes: readonly string[] },
  Problem
> {
  const inbox = inboxOf(runDir);
  return attempt(inbox, () => {
    const taken: TakenDecision[] = [];
    const notes: string[] = [];
    if (statSync(inbox, { throwIfNoEntry: false }) === undefined) return { taken, notes };
    for (const number of pending(inbox)) {
      const file = join(inbox, `${String(number)}.json`);
      const dropped = readDropped(file);
      if (dropped === null) {
        renameSync(file, `${file}.malformed`);
        notes.push(
          `A decision in the inbox could not be understood and was set aside: ${file}.malformed`,
        );
      } else {
        taken.push({ ...dropped, done: () => rmSync(file, { force: true }) });
      }
    }
    return { taken, notes };
  });
}

const pending = (inbox: string): readonly number[] =>
  readdirSync(inbox)
    .map(numberOf)
    .filter((number) => !Number.isNaN(number))
    .sort((a, b) => a - b);

/** False when the name is taken: unlike rename, link never overwrites. */
function linked(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function readDropped(file: string): Dropped | null {
  const text = readFileSync(file, 'utf8');
  try {
    const parsed = Dropped.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
