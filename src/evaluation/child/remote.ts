import type { Channel } from './channel.ts';
import type { Described, Returned } from './wire.ts';

type Method = (...args: unknown[]) => Promise<unknown>;

/**
 * The product's values as a check meets them. Plain data is plain data; functions and methods are asynchronous, because they
 * run in another process; the data of an object is as it was after the last call on it.
 */
export class Remote {
  readonly #channel: Channel;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  async load(name: string): Promise<unknown> {
    return this.value((await this.#channel.ask({ ask: 'load', name })) as Described);
  }

  value(described: Described): unknown {
    if (described.is === 'value') return described.value;
    if (described.is === 'list') return described.items.map((item) => this.value(item));
    return described.is === 'function' ? this.#callable(described) : this.#object(described);
  }

  #callable({ handle, methods, instance }: Described & { is: 'function' }): unknown {
    const call = (args: unknown[], construct: boolean) =>
      this.#call({ handle, method: null, construct, args });
    function remote(...args: unknown[]): unknown {
      return new.target ? constructed(call(args, true), instance) : call(args, false);
    }
    for (const method of methods) {
      define(remote, method, (...args) => this.#call({ handle, method, construct: false, args }));
    }
    return remote;
  }

  #object(described: Described & { is: 'object' }): object {
    const object = {};
    this.#show(object, described);
    for (const method of described.methods) {
      define(object, method, (...args) =>
        this.#call({ handle: described.handle, method, construct: false, args }, object),
      );
    }
    return object;
  }

  #show(object: object, { data }: Described & { is: 'object' }): void {
    for (const key of Object.keys(object)) delete (object as Record<string, unknown>)[key];
    for (const [key, member] of Object.entries(data)) {
      Object.assign(object, { [key]: this.value(member) });
    }
  }

  async #call(
    call: { handle: number; method: string | null; construct: boolean; args: unknown[] },
    self?: object,
  ): Promise<unknown> {
    const returned = (await this.#channel.ask({ ask: 'call', ...call })) as Returned;
    if (self && returned.self?.is === 'object') this.#show(self, returned.self);
    return this.value(returned.value);
  }
}

/** `await new Counter()` and `new Counter().add()` both work: a promise of the object that has the object's methods. */
function constructed(promise: Promise<unknown>, methods: readonly string[]): object {
  for (const method of methods) {
    define(promise, method, async (...args) => {
      const object = (await promise) as Record<string, Method>;
      return object[method]?.(...args);
    });
  }
  return promise;
}

/** Not enumerable, so that comparing an object with plain data compares its data. */
const define = (on: object, name: string, method: Method): void => {
  if (name === 'then') return;
  Object.defineProperty(on, name, { value: method, configurable: true });
};
