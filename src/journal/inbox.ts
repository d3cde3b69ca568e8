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
const fileOf = (inbox: string, number: number): string => join(inbox, `${String(number)}.json`);

/** Decisions of which the last is meant: about one subject, but a check each for freezes. */
const matterOf = ({ subject, decision }: Dropped): string =>
  JSON.stringify(decision.kind === 'freeze' ? [subject, decision.check.scenario] : [subject]);

/**
 * Leaves a decision for the run in `runDir`, after those already there. It appears whole or not at all, and two that are dropped at once both
 * stay. An earlier one about the same that nobody has taken yet goes: it is told as `replaced`.
 */
export function dropDecision(
  runDir: string,
  dropped: Dropped,
): Result<{ readonly replaced: Decision | null }, Problem> {
  const inbox = inboxOf(runDir);
  return attempt(inbox, () => {
    mkdirSync(inbox, { recursive: true });
    const draft = join(inbox, `${randomUUID()}.tmp`);
    writeFileSync(draft, `${JSON.stringify(dropped)}\n`, { flush: true });
    try {
      let number = Math.max(0, ...pending(inbox)) + 1;
      while (!linked(draft, fileOf(inbox, number))) number += 1;
      return { replaced: retire(inbox, number, dropped) };
    } finally {
      rmSync(draft, { force: true });
    }
  });
}

/** The newer one is there already, and whoever takes goes by the newest: at no moment is there none, or the wrong one. */
function retire(inbox: string, newest: number, by: Dropped): Decision | null {
  let replaced: Decision | null = null;
  for (const number of pending(inbox).filter((each) => each < newest)) {
    const earlier = readDropped(fileOf(inbox, number));
    if (earlier === null || earlier === 'gone' || matterOf(earlier) !== matterOf(by)) continue;
    rmSync(fileOf(inbox, number), { force: true });
    replaced = earlier.decision;
  }
  return replaced;
}

/**
 * Decisions waiting in `runDir`, oldest first, of those about the same the last one. A file that holds none is set aside as `*.malformed`, with
 * a note for a person.
 */
export function takeDecisions(
  runDir: string,
): Result<
  { readonly taken: readonly TakenDecision[]; readonly notes: readonly string[] },
  Problem
> {
  const inbox = inboxOf(runDir);
  return attempt(inbox, () => {
    const { waiting, malformed } = look(inbox);
    const notes = malformed.map((file) => {
      renameSync(file, `${file}.malformed`);
      return `A decision in the inbox could not be understood and was set aside: ${file}.malformed`;
    });
    const taken = waiting.map(({ dropped, files }) => ({
      ...dropped,
      done: () => {
        for (const file of files) rmSync(file, { force: true });
      },
    }));
    return { taken, notes };
  });
}

/** The same decisions, only looked at: nothing is taken or set aside. */
export function waitingDecisions(runDir: string): Result<readonly Dropped[], Problem> {
  const inbox = inboxOf(runDir);
  return attempt(inbox, () => look(inbox).waiting.map(({ dropped }) => dropped));
}

interface Waiting {
  readonly dropped: Dropped;
  /** Its own, after those it stands for. */
  readonly files: readonly string[];
}

function look(inbox: string): {
  readonly waiting: readonly Waiting[];
  readonly malformed: readonly string[];
} {
  const waiting = new Map<string, Waiting>();
  const malformed: string[] = [];
  const isThere = statSync(inbox, { throwIfNoEntry: false }) !== undefined;
  for (const number of isThere ? pending(inbox) : []) {
    const file = fileOf(inbox, number);
    const dropped = readDropped(file);
    if (dropped === 'gone') continue;
    if (dropped === null) {
      malformed.push(file);
      continue;
    }
    const matter = matterOf(dropped);
    const files = [...(waiting.get(matter)?.files ?? []), file];
    // Last of all, where it was dropped.
    waiting.delete(matter);
    waiting.set(matter, { dropped, files });
  }
  return { waiting: [...waiting.values()], malformed };
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

/** Null when it holds none; `gone` when it was taken, or another took its place, since it was listed. */
function readDropped(file: string): Dropped | 'gone' | null {
  try {
    const parsed = Dropped.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    if (errnoOf(error) === 'ENOENT') return 'gone';
    throw error;
  }
}
