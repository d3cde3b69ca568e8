import type { Duplex } from 'node:stream';
import { signalGroup } from './group.ts';
import type { Hold } from './hold.ts';
import { childrenOf, statOf } from './proc.ts';
import { until } from './wait.ts';

/** Time the kernel gets to clear a namespace by itself once bwrap has ended, ms: its first process dies with bwrap. */
const CLEARING_MS = 50;
/** After a kill only the kernel can keep a process; it is not waited for longer than this, ms. */
const AFTER_KILL_MS = 1000;

/** First process of a namespace. */
interface Init {
  readonly pid: number;
  /** Tells it from another that got its pid. */
  readonly since: string;
}

/**
 * A process inside bwrap, in a PID namespace of its own. Whatever it starts, in whatever session, ends with the first process of the
 * namespace, which is bwrap's and leads the group that signals go to; as pid 1 it ignores all of them but a kill from outside.
 */
export class Namespace implements Hold {
  readonly #bwrap: number;
  #inits: readonly Init[] = [];
  #isOpen = false;

  /** `gate` is the host's end of what the gate of the namespace asks and is answered by. */
  constructor(bwrap: number, gate: Duplex) {
    this.#bwrap = bwrap;
    gate.once('data', () => {
      this.#isOpen = true;
      this.#look();
      gate.end('\n');
    });
    // It may be gone before it has read the answer.
    gate.on('error', () => undefined);
  }

  /** Whether the command was let in: bwrap has done all that could fail. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  terminate(): void {
    const [init] = this.#inits;
    // Before the command was let in there is nobody who could do anything about it.
    if (!this.#isOpen || init === undefined) this.kill();
    else if (isSame(init)) signalGroup(init.pid, 'SIGTERM');
  }

  kill(): void {
    // First: a child that bwrap makes after this look is still in its group.
    if (!this.#isOpen) this.#look();
    signalGroup(this.#bwrap, 'SIGKILL');
    for (const init of this.#inits) if (isSame(init)) kill(init.pid);
  }

  async clear(): Promise<void> {
    signalGroup(this.#bwrap, 'SIGKILL');
    const gone = () => this.#inits.every(isGone);
    if (await until(CLEARING_MS, gone)) return;
    this.kill();
    await until(AFTER_KILL_MS, gone);
  }

  #look(): void {
    this.#inits = childrenOf(this.#bwrap).flatMap((pid) => {
      const since = statOf(pid)?.since;
      return since === undefined ? [] : [{ pid, since }];
    });
  }
}

const isSame = ({ pid, since }: Init): boolean => statOf(pid)?.since === since;

/** A first process that is dead but not reaped yet has taken its whole namespace with it. */
function isGone({ pid, since }: Init): boolean {
  const stat = statOf(pid);
  return stat === null || stat.since !== since || stat.state === 'Z' || stat.state === 'X';
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
