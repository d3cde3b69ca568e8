import { StringDecoder } from 'node:string_decoder';

const LONGEST_LINE = 1024 * 1024;
/** Many tiny chunks cost more than their bytes; from here on they are joined. */
const MANY_CHUNKS = 1024;

/** The last bytes of a stream. */
export class Tail {
  #chunks: Buffer[] = [];
  #bytes = 0;
  #cut = false;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether the start of the stream is gone. */
  get cut(): boolean {
    return this.#cut;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#chunks.length > MANY_CHUNKS) this.#chunks = [Buffer.concat(this.#chunks)];
    for (let first = this.#chunks[0]; first !== undefined; first = this.#chunks[0]) {
      if (this.#bytes - first.length < this.#limit) break;
      this.#chunks.shift();
      this.#bytes -= first.length;
      this.#cut = this.#cut || first.length > 0;
    }
  }

  /** Text of the bytes kept, invalid UTF-8 replaced; a character cut in two at the front is left out. */
  text(): string {
    const all = Buffer.concat(this.#chunks);
    if (all.length > this.#limit) this.#cut = true;
    if (!this.#cut) return all.toString('utf8');
    let start = Math.max(0, all.length - this.#limit);
    for (let skipped = 0; skipped < 3 && isContinuation(all[start]); skipped += 1) start += 1;
    return all.toString('utf8', start);
  }
}

const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;

/** Cuts a byte stream into lines at `\n`; a character may arrive in pieces, a line over 1 MiB arrives cut. */
export class Lines {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (line: string) => void;
  #pending = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    this.#take(this.#decoder.write(chunk));
  }

  /** Delivers a last line that has no newline. */
  end(): void {
    this.#take(this.#decoder.end());
    if (this.#pending !== '') this.#onLine(this.#pending);
    this.#pending = '';
  }

  #take(text: string): void {
    let start = 0;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', start)) {
      const line = this.#grown(text.slice(start, at));
      this.#pending = '';
      start = at + 1;
      this.#onLine(line);
    }
    this.#pending = this.#grown(text.slice(start));
  }

  #grown(more: string): string {
    const room = LONGEST_LINE - this.#pending.length;
    return more.length <= room ? this.#pending + more : this.#pending + more.slice(0, room);
  }
}
