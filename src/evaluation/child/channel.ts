import { revive } from './portable.ts';
import type { Ask, FromCheck, Reply } from './wire.ts';

/** The check asked for something the kit cannot do: says nothing about the product. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
}

/** Questions of the check to the runtime and their answers. */
export class Channel {
  readonly #send: (message: FromCheck) => void;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #last = 0;

  constructor(send: (message: FromCheck) => void) {
    this.#send = send;
  }

  /** Rejects with the product's error, revived, or with `Misuse`. */
  ask(ask: Ask): Promise<unknown> {
    const id = (this.#last += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (reply) => {
        if (reply.ok) resolve(reply.value);
        else if (reply.misuse === true) reject(new Misuse(reply.error.message));
        else reject(revive(reply.error));
      });
      try {
        this.#send({ kind: 'ask', id, ask });
      } catch (error) {
        reject(new Misuse(`only plain data can be passed to the product: ${String(error)}`));
      }
    });
  }

  received(reply: Reply): void {
    this.#waiting.get(reply.id)?.(reply);
    this.#waiting.delete(reply.id);
  }
}
