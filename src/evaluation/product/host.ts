import type { Exit, Running, Sandbox, SpawnPlan } from '../../process/index.ts';
import { spawn } from '../../process/index.ts';
import type { PortableError, Reply, ToHost } from '../child/wire.ts';

type Question = ToHost extends infer Each
  ? Each extends ToHost
    ? Omit<Each, 'id'>
    : never
  : never;

/** The product's modules in a process of their own, for one attempt. */
export class ProductHost {
  readonly #running: Running;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #last = 0;
  #gone: PortableError | null = null;

  constructor(plan: SpawnPlan, sandbox: Sandbox, signal: AbortSignal) {
    this.#running = spawn(
      {
        ...plan,
        label: 'modules of the product',
        env: { ...plan.env, PORT: '0' },
        ipc: true,
        limits: { graceMs: 500 },
      },
      sandbox,
      { signal, onMessage: (message) => this.#received(message) },
    );
    void this.#running.ended.then((exit) => this.#ended(exit));
  }

  /** Never rejects: a product that does not answer or is gone is an answer, named `Timeout` or `Died`. */
  ask(question: Question, timeoutMs: number): Promise<Reply> {
    const id = (this.#last += 1);
    return new Promise((resolve) => {
      const fail = (error: PortableError) => resolve({ kind: 'reply', id, ok: false, error });
      if (this.#gone) {
        fail(this.#gone);
        return;
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        fail({ name: 'Timeout', message: `the product did not answer within ${timeoutMs} ms` });
      }, timeoutMs);
      this.#waiting.set(id, (reply) => {
        clearTimeout(timer);
        resolve(reply);
      });
      this.#running.send({ ...question, id });
    });
  }

  async stop(): Promise<void> {
    await this.#running.stop();
  }

  /** The product shares this channel: what has not the form of an answer is dropped. */
  #received(message: unknown): void {
    if (!isReply(message)) return;
    const { id } = message;
    this.#waiting.get(id)?.(message);
    this.#waiting.delete(id);
  }

  #ended(exit: Exit): void {
    this.#gone = { name: 'Died', message: `the product's process ${exit.summary}` };
    for (const [id, settle] of this.#waiting) {
      settle({ kind: 'reply', id, ok: false, error: this.#gone });
    }
    this.#waiting.clear();
  }
}

function isReply(message: unknown): message is Reply {
  if (typeof message !== 'object' || message === null) return false;
  const { kind, id, ok, error } = message as Partial<Reply & { ok: false }>;
  if (kind !== 'reply' || typeof id !== 'number' || typeof ok !== 'boolean') return false;
  return ok || (typeof error?.name === 'string' && typeof error.message === 'string');
}
