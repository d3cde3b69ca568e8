import { performance } from 'node:perf_hooks';
import type { FromCheck } from '../child/wire.ts';
import type { Observation } from './observation.ts';
import type { Ending } from './outcome.ts';
import type { ProductAccess } from '../product/product.ts';

/** Pictures kept of one attempt, and the size of each. */
const PICTURES = 4;
const PICTURE_BYTES = 4 * 1024 * 1024;
const PNG = [0x89, 0x50, 0x4e, 0x47];

/** What the check says during one attempt. */
export class Conversation {
  /** Settles when its program waits for its turn. */
  readonly ready: Promise<void>;
  verdict: Ending['verdict'] = null;
  /** What was on its pages at the end, as PNG. */
  readonly pictures: Uint8Array[] = [];
  /** Not the check's fault nor the product's: `NoProduct`, or our own bug. */
  trouble: unknown = null;
  readonly #product: ProductAccess;
  readonly #asked = new Map<number, { at: number; ask: (FromCheck & { kind: 'ask' })['ask'] }>();

  #isReady!: () => void;

  constructor(product: ProductAccess) {
    this.#product = product;
    this.ready = new Promise((resolve) => (this.#isReady = resolve));
  }

  heard(message: FromCheck, reply: (answer: object) => void): void {
    if (message.kind === 'ready') this.#isReady();
    else if (message.kind === 'verdict') this.verdict ??= message;
    else if (message.kind === 'picture') this.#keep(message.png);
    else if (message.kind === 'ask') void this.#answer(message, reply);
  }

  /** What calls itself a picture is one, or nothing. */
  #keep(png: unknown): void {
    if (!(png instanceof Uint8Array) || png.length > PICTURE_BYTES) return;
    if (this.pictures.length < PICTURES && PNG.every((byte, at) => png[at] === byte))
      this.pictures.push(png);
  }

  /** Asked of the product and still open: part of what was seen. */
  unanswered(now: number): Observation[] {
    return [...this.#asked.values()].flatMap(({ at, ask }): Observation[] => {
      const ms = now - at;
      if (ask.ask === 'run') {
        const command = [ask.command, ask.args].flat().join(' ');
        const nothing = { code: null, signal: null, stdout: '', stderr: '' };
        return [{ kind: 'command', at, command, ...nothing, error: 'timeout', ms }];
      }
      if (ask.ask !== 'load' && ask.ask !== 'call') return [];
      const name = ask.ask === 'load' ? ask.name : '';
      const method = ask.ask === 'call' ? ask.method : null;
      return [{ kind: 'call', at, name, method, outcome: 'timeout', message: null, ms }];
    });
  }

  async #answer(
    { id, ask }: FromCheck & { kind: 'ask' },
    reply: (answer: object) => void,
  ): Promise<void> {
    this.#asked.set(id, { at: performance.now(), ask });
    try {
      const answer = await this.#product.answer(ask);
      this.#asked.delete(id);
      reply({ kind: 'reply', id, ...answer });
    } catch (error) {
      // Nobody awaits this: the attempt throws it when the check has ended.
      this.#asked.delete(id);
      this.trouble ??= error;
      const gone = { name: 'NoProduct', message: String(error) };
      reply({ kind: 'reply', id, ok: false, misuse: true, error: gone });
    }
  }
}
