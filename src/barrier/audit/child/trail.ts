import { createHash } from 'node:crypto';
import type { Answer, Found, Order } from './order.ts';
import { TOKEN } from './order.ts';

/** More of one kind say nothing new. */
const MOST_OF_A_KIND = 20;

/** What a hunt has come upon so far, and how much of its time and bytes is left. */
export class Trail {
  readonly looked: Answer['looked'] = { files: 0, bytes: 0, objects: 0, processes: 0, sockets: 0 };
  readonly #found = new Map<string, Found>();
  readonly #order: Order;
  readonly #files: ReadonlySet<string>;
  readonly #end: number;
  #complete = true;

  constructor(order: Order) {
    this.#order = order;
    this.#files = new Set(order.files);
    this.#end = performance.now() + order.ms;
  }

  note(found: Found): void {
    const alike = [...this.#found.values()].filter(({ by }) => by === found.by).length;
    if (alike < MOST_OF_A_KIND) this.#found.set(JSON.stringify(found), found);
  }

  /** Looks for the token in text or bytes. */
  look(by: Found['by'], where: string, text: string | Buffer): void {
    if (!text.includes('fcanary')) return;
    for (const [token] of text.toString('latin1').matchAll(TOKEN))
      if (sha256(token) === this.#order.canary) this.note({ by, what: 'canary', where });
  }

  /** Compares a whole file with those that must not be there. */
  compare(where: string, bytes: Buffer): void {
    if (this.#files.size === 0) return;
    const hash = sha256(bytes);
    if (this.#files.has(hash)) this.note({ by: 'file', what: `file ${hash}`, where });
  }

  /** False once time or bytes are used up: then the hunt is incomplete. */
  goesOn(): boolean {
    const left = performance.now() < this.#end && this.looked.bytes < this.#order.bytes;
    if (!left) this.#complete = false;
    return left;
  }

  answer(): Answer {
    return { found: [...this.#found.values()], looked: this.looked, complete: this.#complete };
  }
}

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
