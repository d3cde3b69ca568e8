import type { Readable } from 'node:stream';
import { signalGroup } from './group.ts';
import type { Hold } from './hold.ts';
import { Lines } from './output.ts';
import { processIds, statNow, statOf } from './proc.ts';
import { until } from './wait.ts';

/** Time the kernel gets to clear a namespace by itself once bwrap has ended, ms: its first process dies with bwrap. */
const CLEARING_MS = 50;
/** After a kill only the kernel can keep a process; it is not waited for longer than this, ms. */
const AFTER_KILL_MS = 1000;

interface Init {
  readonly pid: number;
  readonly since: string;
}

/**
 * A process inside bwrap, in a PID namespace of its own. Whatever it starts, in whatever session, ends with the first process of the
 * namespace, which is bwrap's and leads the group that signals go to; as pid 1 it ignores all of them but a kill from outside.
 */
export class Namespace implements Hold {
  readonly #bwrap: number;
  readonly #graceMs: number;
  readonly #told: Promise<void>;
  #init: Init | undefined;
  #code: number | undefined;
  #cleared = false;

  /** `status` is what bwrap writes: JSON documents, one a line. */
  constructor(bwrap: number, status: Readable, graceMs: number) {
    this.#bwrap = bwrap;
    this.#graceMs = graceMs;
    const lines = new Lines((line) => this.#take(line));
    status.on('data', (chunk: Buffer) => lines.push(chunk));
    status.on('error', () => undefined);
    this.#told = new Promise((resolve) => status.once('close', () => resolve()));
  }

  /** Exit code of the command inside, 128 + n for a signal; undefined when it was never started. */
  get code(): number | undefined {
    return this.#code;
  }

  terminate(): void {
    // Early in its life a namespace has nobody yet who could hear it.
    void until(this.#graceMs, async () => this.#cleared || (await this.#askMembers()));
  }

  kill(): void {
    if (this.#init !== undefined && isSame(this.#init)) kill(this.#init.pid);
    signalGroup(this.#bwrap, 'SIGKILL');
  }

  async clear(): Promise<void> {
    signalGroup(this.#bwrap, 'SIGKILL');
    await this.#told;
    const init = this.#init;
    const gone = async () => init === undefined || (await isGone(init));
    if (!(await until(CLEARING_MS, gone))) {
      this.kill();
      await until(AFTER_KILL_MS, gone);
    }
    this.#cleared = true;
  }

  #take(line: string): void {
    const { 'child-pid': pid, 'exit-code': code } = JSON.parse(line) as Record<string, unknown>;
    if (typeof code === 'number') this.#code = code;
    if (typeof pid !== 'number') return;
    const since = statNow(pid)?.since;
    if (since !== undefined) this.#init = { pid, since };
  }

  /** Asks every process of init's group; false when there is none but init. */
  async #askMembers(): Promise<boolean> {
    const init = this.#init;
    if (init === undefined) return false;
    const members = await Promise.all(
      (await processIds()).map(async (pid) => pid !== init.pid && (await statOf(pid))),
    );
    if (!members.some((stat) => stat !== false && stat?.group === init.pid)) return false;
    return isSame(init) && signalGroup(init.pid, 'SIGTERM');
  }
}

/** Not another process that got the same pid. */
const isSame = ({ pid, since }: Init): boolean => statNow(pid)?.since === since;

/** A first process that is dead but not reaped yet has taken its whole namespace with it. */
async function isGone({ pid, since }: Init): Promise<boolean> {
  const stat = await statOf(pid);
  return stat === null || stat.since !== since || stat.state === 'Z' || stat.state === 'X';
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
