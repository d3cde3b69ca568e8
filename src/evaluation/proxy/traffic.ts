import { performance } from 'node:perf_hooks';

/** Why there was no complete answer. `timeout`: the one who asked gave up before the product answered. */
export type ExchangeError = 'refused' | 'reset' | 'timeout';

/** One request and what came of it, as the recording proxy saw it. Bodies are evidence for a person and are cut. */
export interface Exchange {
  /** When the request arrived, ms on the monotonic clock of this process. */
  readonly at: number;
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** From `?` on, or empty; evidence only. */
  readonly query: string;
  readonly request: Message;
  /** Null: the product never answered. */
  readonly status: number | null;
  readonly error: ExchangeError | null;
  readonly response: Message;
  /** Whether a body that calls itself JSON is JSON; null when it does not say so, is empty or was not read to its end. */
  readonly json: boolean | null;
  /** Until the end of the answer, ms. */
  readonly ms: number;
}

export interface Message {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Media type without parameters, lower case. */
  readonly contentType: string | null;
  /** Size of the whole body. */
  readonly bytes: number;
  /** Beginning of the body as text. */
  readonly body: string;
}

export interface Recording {
  /** Ends the recording. Requests still without an answer are in it as `timeout`. */
  stop(): readonly Exchange[];
  /** What is known so far. */
  peek(): { readonly count: number; readonly open: number; readonly lastAt: number | null };
}

/** Bytes of a body kept as evidence. */
const KEEP_BYTES = 16 * 1024;
/** A larger JSON body is taken at its word. */
const PARSE_BYTES = 4 * 1024 * 1024;

/** Collects one body without holding more of it than is needed. */
class Body {
  #chunks: Buffer[] = [];
  #kept = 0;
  bytes = 0;

  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.#kept > PARSE_BYTES) return;
    this.#chunks.push(chunk);
    this.#kept += chunk.length;
  }

  /** The first bytes as text. */
  text(): string {
    return Buffer.concat(this.#chunks).subarray(0, KEEP_BYTES).toString('utf8');
  }

  /** Null when there is nothing to parse, or too much. */
  isJson(): boolean | null {
    if (this.bytes === 0 || this.bytes > PARSE_BYTES) return null;
    try {
      JSON.parse(Buffer.concat(this.#chunks).toString('utf8'));
      return true;
    } catch {
      return false;
    }
  }
}

const mediaType = (headers: Message['headers']): string | null => {
  const value = headers['content-type'];
  return typeof value === 'string' ? (value.split(';')[0] ?? '').trim().toLowerCase() : null;
};

const isJsonType = (type: string | null): boolean =>
  type !== null && /^(application|text)\/(.+\+)?json$/.test(type);

export interface RequestHead {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Message['headers'];
}

/** A request on its way; the proxy fills it in. */
export class OpenExchange {
  readonly at = performance.now();
  readonly sent = new Body();
  readonly received = new Body();
  readonly #request: RequestHead;
  #answer: { status: number; headers: Message['headers'] } | null = null;
  #error: ExchangeError | null = null;
  #complete = false;
  #endedAt: number | null = null;

  constructor(request: RequestHead) {
    this.#request = request;
  }

  answered(status: number, headers: Message['headers']): void {
    this.#answer = { status, headers: { ...headers } };
  }

  failed(error: ExchangeError): void {
    this.#error ??= error;
  }

  /** No more will come. Idempotent. */
  end(complete: boolean): void {
    if (this.#endedAt !== null) return;
    this.#endedAt = performance.now();
    this.#complete = complete;
    if (this.#answer === null) this.#error ??= 'timeout';
  }

  get endedAt(): number | null {
    return this.#endedAt;
  }

  snapshot(): Exchange {
    const { method, url, headers } = this.#request;
    const at = url.indexOf('?');
    const answer = this.#answer?.headers ?? {};
    const type = mediaType(answer);
    const whole = this.#complete && this.#error === null && method !== 'HEAD';
    return {
      at: this.at,
      method,
      path: at === -1 ? url : url.slice(0, at),
      query: at === -1 ? '' : url.slice(at),
      request: message(headers, this.sent),
      status: this.#answer?.status ?? null,
      error: this.#error ?? (this.#answer === null ? 'timeout' : null),
      response: message(answer, this.received),
      json: whole && isJsonType(type) ? this.received.isJson() : null,
      ms: (this.#endedAt ?? performance.now()) - this.at,
    };
  }
}

const message = (headers: Message['headers'], body: Body): Message => ({
  headers,
  contentType: mediaType(headers),
  bytes: body.bytes,
  body: body.text(),
});

/** Distributes what passes to whoever records at the time. */
export class Recorder {
  readonly #recordings = new Set<OpenExchange[]>();

  open(request: RequestHead): OpenExchange {
    const exchange = new OpenExchange(request);
    for (const recording of this.#recordings) recording.push(exchange);
    return exchange;
  }

  record(): Recording {
    const seen: OpenExchange[] = [];
    this.#recordings.add(seen);
    return {
      stop: () => {
        this.#recordings.delete(seen);
        return seen.map((exchange) => exchange.snapshot());
      },
      peek: () => ({
        count: seen.length,
        open: seen.filter((exchange) => exchange.endedAt === null).length,
        lastAt: seen.length === 0 ? null : Math.max(...seen.map((e) => e.endedAt ?? e.at)),
      }),
    };
  }
}
