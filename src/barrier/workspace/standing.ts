import { spawn } from '../../process/index.ts';
import type { Running } from '../../process/index.ts';
import type { GitPlace } from '../git.ts';

/** How long it stays when nobody asks, ms. */
const IDLE_MS = 5000;
/** How long an answer may take, ms. */
const WALL_MS = 10 * 60 * 1000;

/** The git processes of an open repository that stay while a run goes on. */
export interface StandingGit {
  readonly commits: Standing;
  readonly diffs: Standing;
  /** Moves branches, durably. */
  readonly refs: Standing;
  /** Moves refs that only keep work. */
  readonly keeps: Standing;
}

/** `objects`: where objects are read and written; `refs`: where branches are. */
export function standingGit(
  start: (at: GitPlace) => StandingStart,
  { objects, refs }: { readonly objects: GitPlace; readonly refs: GitPlace },
): StandingGit {
  return {
    commits: new Standing(WRITE_COMMITS, start(objects)),
    diffs: new Standing(TELL_CHANGES, start(objects)),
    refs: new Standing(['-c', 'core.fsync=reference', ...MOVE_REFS], start(refs)),
    keeps: new Standing(MOVE_REFS, start(refs)),
  };
}

const WRITE_COMMITS = ['hash-object', '-w', '-t', 'commit', '--no-filters', '--stdin-paths'];
const TELL_CHANGES = ['diff-tree', '--stdin', '-r', '--raw', '--no-abbrev', '--no-renames'];
const MOVE_REFS = ['update-ref', '--stdin'];

interface StandingStart {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Is told of every start. */
  readonly spawned: () => void;
}

/** What it said, line by line; null: it ended instead, and `stderr` says why. */
export type Answer =
  | { readonly ok: true; readonly lines: readonly string[] }
  | { readonly ok: false; readonly stderr: string };

interface Question {
  readonly input: string;
  readonly isLast: (line: string) => boolean;
  readonly lines: string[];
  readonly resolve: (answer: Answer) => void;
}

/**
 * A program that reads questions on stdin and answers each before the next: a process for all of them, in place of one for each. It is
 * started when it is asked, ends when it was not asked for a while, and is started again after a failure.
 */
export class Standing {
  readonly #args: readonly string[];
  readonly #how: StandingStart;
  readonly #waiting: Question[] = [];
  #running: Running | null = null;
  #idle: NodeJS.Timeout | undefined;
  #wall: NodeJS.Timeout | undefined;

  /** `args`: of a git command. */
  constructor(args: readonly string[], how: StandingStart) {
    this.#args = args;
    this.#how = how;
  }

  /** Questions are taken one by one, in order. `isLast` recognises the end of an answer, which is part of it. */
  ask(input: string, isLast: (line: string) => boolean): Promise<Answer> {
    return new Promise((resolve) => {
      this.#waiting.push({ input, isLast, lines: [], resolve });
      if (this.#waiting.length === 1) this.#next();
    });
  }

  #next(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#wall);
    const [question] = this.#waiting;
    if (question === undefined) {
      this.#idle = setTimeout(() => this.close(), IDLE_MS);
      return;
    }
    const running = (this.#running ??= this.#start());
    this.#wall = setTimeout(() => void running.stop(), WALL_MS);
    running.write(question.input);
  }

  #start(): Running {
    const { cwd, env, spawned } = this.#how;
    spawned();
    const running = spawn(
      {
        label: `git ${this.#args[0] ?? ''}`,
        command: ['git', ...this.#args],
        cwd,
        env,
        talks: true,
        limits: { floodBytes: Number.MAX_SAFE_INTEGER, keepBytes: 64 * 1024 },
      },
      { kind: 'none' },
      { onLine: (stream, line) => stream === 'stdout' && this.#heard(line) },
    );
    void running.ended.then(({ stderr, summary }) => {
      // One that was closed, because nobody asked any more, is not missed.
      if (this.#running !== running) return;
      this.#running = null;
      this.#answer({ ok: false, stderr: stderr.trim() === '' ? summary : stderr });
    });
    return running;
  }

  #heard(line: string): void {
    const [question] = this.#waiting;
    if (question === undefined) return;
    question.lines.push(line);
    if (question.isLast(line)) this.#answer({ ok: true, lines: question.lines });
  }

  #answer(answer: Answer): void {
    this.#waiting.shift()?.resolve(answer);
    this.#next();
  }

  /** Lets it end; the next question starts another. */
  close(): void {
    clearTimeout(this.#idle);
    this.#running?.write(null);
    this.#running = null;
  }
}
