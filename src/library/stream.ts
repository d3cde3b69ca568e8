interface Reader<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/** Values for one reader, kept until it takes them. */
export class Stream<T> implements AsyncIterator<T, undefined> {
  readonly #kept: T[] = [];
  readonly #waiting: Reader<T>[] = [];
  #end: { readonly error?: unknown } | null = null;
  readonly #left: () => Promise<void>;

  /** `left`: the reader went away before the end; it is kept waiting until this is done. */
  constructor(left: () => Promise<void>) {
    this.#left = left;
  }

  push(value: T): void {
    const reader = this.#waiting.shift();
    if (reader === undefined) this.#kept.push(value);
    else reader.resolve({ done: false, value });
  }

  /** No more comes; with an error, that is what the reader gets last. */
  end(reason: { readonly error?: unknown } = {}): void {
    this.#end ??= reason;
    for (const reader of this.#waiting.splice(0))
      void this.#last().then(reader.resolve, reader.reject);
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const [value] = this.#kept.splice(0, 1);
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#end !== null) return this.#last();
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    await this.#left();
    return { done: true, value: undefined };
  }

  #last(): Promise<IteratorResult<T, undefined>> {
    return this.#end !== null && 'error' in this.#end
      ? Promise.reject(this.#end.error)
      : Promise.resolve({ done: true, value: undefined });
  }
}
