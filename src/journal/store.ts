import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Problem, Result, RunEvent, RunFact } from '../domain/index.ts';
import { ok } from '../domain/index.ts';
import { journalFrom, type Clock } from './journal.ts';
import { makeFactoryDir, segment } from './folder.ts';
import { attempt, errnoOf } from './problem.ts';
import { replay } from './replay.ts';

/** A run on disk: its id and its folder, absolute. */
export interface RunEntry {
  readonly id: string;
  readonly dir: string;
}

/** A run as it was when it was read. */
export interface RunLog extends RunEntry {
  readonly events: readonly RunEvent[];
  /** What a person should know about the file, one line each. */
  readonly notes: readonly string[];
}

/** A run that this process writes. Hold the spec's lock before making one. */
export interface OpenRun extends RunLog {
  /** Stamps the fact, writes it durably and returns the event. A disk that refuses is a value and leaves no half line. */
  append(fact: RunFact): Result<RunEvent, Problem>;
  /** No append after it. */
  close(): void;
}

/** The runs of one project. `spec` is always a spec directory's name, `NNN-name`. */
export interface Store {
  /** `<project>/.factory` */
  readonly dir: string;
  /** Newest first. */
  runs(spec: string): Result<readonly RunEntry[], Problem>;
  lastRun(spec: string): Result<RunEntry | null, Problem>;
  /** Makes the folder and its empty journal; the id must be new. */
  createRun(spec: string, id: string): Result<OpenRun, Problem>;
  /** Takes up a run for writing: a torn end is cut off. */
  openRun(entry: RunEntry): Result<OpenRun, Problem>;
  /** How much is written of the last run, bytes; 0 without any. Tells whether another process has begun or taken one up. */
  written(spec: string): Result<{ readonly run: string | null; readonly bytes: number }, Problem>;
  /** Only reads, so that `status` may look while another process writes. */
  readRun(entry: RunEntry): Result<RunLog, Problem>;
}

const journalIn = (dir: string): string => join(dir, 'journal.ndjson');

/** Opens the store of a project; touches nothing until a run is created. For what `now` and `ticks` are, see `Clock`. */
export function openStore(
  projectDir: string,
  now: () => Date,
  ticks: Clock['ticks'] = null,
): Store {
  const clock: Clock = { now, ticks };
  const dir = join(projectDir, '.factory');
  const runsDir = (spec: string) => join(dir, 'runs', segment(spec));
  const runs: Store['runs'] = (spec) => attempt(runsDir(spec), () => listRuns(runsDir(spec)));
  return {
    dir,
    runs,
    lastRun(spec) {
      const found = runs(spec);
      return found.ok ? ok(found.value[0] ?? null) : found;
    },
    written(spec) {
      const last = this.lastRun(spec);
      if (!last.ok) return last;
      if (last.value === null) return ok({ run: null, bytes: 0 });
      const { id, dir: folder } = last.value;
      const bytes = statSync(journalIn(folder), { throwIfNoEntry: false })?.size ?? 0;
      return ok({ run: id, bytes });
    },
    createRun(spec, id) {
      const entry = { id, dir: join(runsDir(spec), segment(id)) };
      return attempt(entry.dir, () => {
        makeFactoryDir(dir);
        mkdirSync(dirname(entry.dir), { recursive: true });
        mkdirSync(entry.dir);
        const fd = openSync(journalIn(entry.dir), 'ax');
        syncDir(entry.dir);
        return writer({ ...entry, events: [], notes: [] }, { fd, bytes: 0, clock });
      });
    },
    openRun(entry) {
      const file = journalIn(entry.dir);
      const read = readJournal(file);
      if (!read.ok) return read;
      const { events, wholeBytes, note } = read.value;
      return attempt(file, () => {
        const fd = openSync(file, 'a');
        if (note !== null) ftruncateSync(fd, wholeBytes);
        const log = { ...entry, events, notes: note === null ? [] : [note] };
        return writer(log, { fd, bytes: wholeBytes, clock });
      });
    },
    readRun(entry) {
      const read = readJournal(journalIn(entry.dir));
      // A torn end here is most likely a line that is being written at this moment.
      return read.ok ? ok({ ...entry, events: read.value.events, notes: [] }) : read;
    },
  };
}

/** Nothing more will happen in this run; the next one starts anew. */
export const isOver = (events: readonly RunEvent[]): boolean =>
  events.some((event) => event.type === 'run.finished');

function writer(
  log: RunLog,
  { fd, bytes, clock }: { readonly fd: number; readonly bytes: number; readonly clock: Clock },
): OpenRun {
  // The first event names the run, not the folder: a folder copied under another name still continues.
  const run = log.events[0]?.run ?? log.id;
  const tail = { fd, file: journalIn(log.dir), run, seq: log.events.length, bytes };
  return { ...log, ...journalFrom(tail, clock) };
}

function readJournal(file: string): ReturnType<typeof replay> {
  const bytes = attempt(file, () => readFileSync(file));
  return bytes.ok ? replay(bytes.value, file) : bytes;
}

function listRuns(dir: string): readonly RunEntry[] {
  if (statSync(dir, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => ({ id: entry.name, dir: join(dir, entry.name) }))
    .map((entry) => ({ entry, began: beganAt(journalIn(entry.dir)) }))
    .filter(({ began }) => began !== null)
    .sort((a, b) => compare(b.began ?? '', a.began ?? '') || compare(b.entry.id, a.entry.id))
    .map(({ entry }) => entry);
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** When a run began (ISO 8601), from the first bytes of its journal; its file time before its first event; null without one. */
function beganAt(file: string): string | null {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  const fd = openSync(file, 'r');
  try {
    const head = Buffer.alloc(128);
    const text = head.toString('utf8', 0, readSync(fd, head, 0, head.length, 0));
    return /^\{"seq":1,"at":"([^"]+)"/.exec(text)?.[1] ?? stat.mtime.toISOString();
  } finally {
    closeSync(fd);
  }
}

/** A new file survives a power cut only when its folder is synced too; not every system can (Windows), which is no failure. */
function syncDir(dir: string): void {
  try {
    const fd = openSync(dir, 'r');
    fsyncSync(fd);
    closeSync(fd);
  } catch (error) {
    errnoOf(error);
  }
}
