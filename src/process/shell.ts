import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exit, Running, ShortPlan } from './plan.ts';
import { Record } from './record.ts';
import { inShell, readTail } from './shell-line.ts';
import { signalOf } from './signal.ts';
import { spawn } from './spawn.ts';
import { whyImpossible, whyNotStarted } from './summary.ts';

/** How long the shell stays when nobody needs it, ms. */
const IDLE_MS = 5000;
const KEEP_BYTES = 1024 * 1024;

interface Job {
  readonly plan: ShortPlan;
  readonly record: Record;
  readonly resolve: (exit: Exit) => void;
  /** Its wall clock; `late` once that has run out. */
  timer?: NodeJS.Timeout;
  late?: true;
}

/**
 * A POSIX shell that starts short programs of ours in our place, as the user. To start a process, the system copies the page tables of
 * the one that asks: for a process as large as ours that takes longer than most git commands, and for a shell next to nothing.
 *
 * It is started when it is needed, ends when it was not needed for a while, and is started again if it was killed. Input and output
 * go through files in a folder of ours, so that any number of programs run side by side.
 */
export class Shell {
  readonly #files: string;
  readonly #jobs = new Map<string, Job>();
  readonly #free: string[] = [];
  #names = 0;
  #running: Running | null = null;
  #idle: NodeJS.Timeout | undefined;

  /** `files`: absolute; made when it is needed. */
  constructor(files: string) {
    this.#files = files;
  }

  /** Waits for the program's end. Never rejects. Of the plan's limits, `wallMs` and `keepBytes` count. */
  async run(plan: ShortPlan): Promise<Exit> {
    const record = new Record(plan, undefined);
    const impossible = whyImpossible(plan);
    if (impossible !== null) return notStarted(record, impossible);
    const name = this.#free.pop() ?? String((this.#names += 1));
    const input = plan.stdin === undefined ? '/dev/null' : join(this.#files, `${name}.in`);
    try {
      await mkdir(this.#files, { recursive: true, mode: 0o700 });
      if (plan.stdin !== undefined) await writeFile(input, plan.stdin);
    } catch (error) {
      this.#free.push(name);
      return notStarted(record, error instanceof Error ? error.message : String(error));
    }
    return new Promise((resolve) => {
      const job: Job = { plan, record, resolve };
      this.#jobs.set(name, job);
      clearTimeout(this.#idle);
      const shell = (this.#running ??= this.#open());
      shell.write(inShell(plan, { name, input, files: this.#files }));
      const { wallMs } = plan.limits ?? {};
      if (wallMs !== undefined) job.timer = setTimeout(() => this.#stop(job), wallMs);
    });
  }

  /** Lets the shell end; whatever is run later starts another. */
  close(): void {
    clearTimeout(this.#idle);
    this.#running?.write(null);
    this.#running = null;
  }

  /** A program that hangs is ended by ending the shell: whatever it waits for, the others may have to wait for too. */
  #stop(job: Job): void {
    job.late = true;
    void this.#running?.stop();
  }

  #open(): Running {
    const running = spawn(
      {
        label: 'shell',
        command: ['/bin/sh'],
        cwd: '/',
        env: {},
        talks: true,
        limits: { floodBytes: Number.MAX_SAFE_INTEGER },
      },
      { kind: 'none' },
      { onLine: (stream, line) => stream === 'stdout' && this.#ended(line) },
    );
    void running.ended.then((exit) => this.#lost(running, exit));
    return running;
  }

  #ended(line: string): void {
    const [name = '', code = ''] = line.split(' ');
    const job = this.#jobs.get(name);
    if (job !== undefined) this.#settle(name, job, this.#exitOf(name, job, Number(code)));
  }

  #settle(name: string, job: Job, exit: Exit): void {
    clearTimeout(job.timer);
    this.#jobs.delete(name);
    this.#free.push(name);
    job.resolve(exit);
    if (this.#jobs.size === 0) this.#idle = setTimeout(() => this.close(), IDLE_MS);
  }

  #exitOf(name: string, { plan, record }: Job, code: number): Exit {
    for (const stream of ['stdout', 'stderr'] as const) {
      const kept = (plan.limits?.keepBytes ?? KEEP_BYTES) + 1;
      const tail = readTail(join(this.#files, `${name}.${stream}`), kept);
      if (tail === null) return notStarted(record, 'there is no room for its output');
      record.write(stream, tail);
    }
    const said = record.stderr();
    const missing = code === 127 ? 'ENOENT' : code === 126 ? 'EACCES' : null;
    if (missing !== null && (said.includes(`exec: ${plan.command[0]}: `) || said.includes('cd: ')))
      return notStarted(record, whyNotStarted(plan, { code: missing, message: said }));
    const signal = signalOf(code);
    return signal === null
      ? record.exit({ cause: 'exited', code, signal })
      : record.exit({ cause: 'signalled', code: null, signal });
  }

  /** A shell that ends takes with it what it had started. */
  #lost(shell: Running, { cause, signal, stderr }: Exit): void {
    // One that was closed, because nobody needed it any more, is not missed.
    if (this.#running !== shell) return;
    this.#running = null;
    for (const [name, job] of this.#jobs)
      this.#settle(
        name,
        job,
        cause === 'not_started' || cause === 'exited'
          ? notStarted(job.record, stderr.trim().split('\n').at(-1) ?? '')
          : job.record.exit({ cause: job.late === true ? 'wall' : cause, code: null, signal }),
      );
  }
}

const notStarted = (record: Record, reason: string): Exit =>
  record.exit({ cause: 'not_started', code: null, signal: null }, reason);
