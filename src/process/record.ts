import { Lines, Tail } from './output.ts';
import type { Exit, SpawnPlan, Watch } from './plan.ts';
import { summaries } from './summary.ts';

const MEBI = 1024 * 1024;

/** What is remembered of one process while it runs: the tails of its streams, how much it wrote, since when. */
export class Record {
  #started = performance.now();
  readonly #plan: SpawnPlan;
  readonly #floodBytes: number;
  readonly #streams: { readonly [name in 'stdout' | 'stderr']: { tail: Tail; lines?: Lines } };
  #bytes = 0;

  constructor(plan: SpawnPlan, onLine: Watch['onLine']) {
    this.#plan = plan;
    this.#floodBytes = plan.limits?.floodBytes ?? 64 * MEBI;
    const stream = (name: 'stdout' | 'stderr') => ({
      tail: new Tail(plan.limits?.keepBytes ?? MEBI),
      ...(onLine && { lines: new Lines((line) => onLine(name, line)) }),
    });
    this.#streams = { stdout: stream('stdout'), stderr: stream('stderr') };
  }

  /** Its time counts from now. */
  restart(): void {
    this.#started = performance.now();
  }

  /** Takes output in. False once it is a flood, of which nothing more is kept. */
  write(name: 'stdout' | 'stderr', chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#floodBytes) return false;
    this.#streams[name].tail.push(chunk);
    this.#streams[name].lines?.push(chunk);
    return true;
  }

  /** No more output: last lines without a newline are delivered. */
  end(): void {
    this.#streams.stdout.lines?.end();
    this.#streams.stderr.lines?.end();
  }

  /** What was kept of stderr. */
  stderr(): string {
    return this.#streams.stderr.tail.text();
  }

  /** `reason` is why it was not started. */
  exit(how: Pick<Exit, 'cause' | 'code' | 'signal'>, reason = ''): Exit {
    const { stdout, stderr } = this.#streams;
    const texts = { stdout: stdout.tail.text(), stderr: stderr.tail.text() };
    const limits = { ...this.#plan.limits, floodBytes: this.#floodBytes };
    return {
      ...how,
      ...texts,
      ...((stdout.tail.cut || stderr.tail.cut) && { cut: true as const }),
      ms: performance.now() - this.#started,
      summary: summaries[how.cause]({ ...how, limits, reason }),
    };
  }
}
