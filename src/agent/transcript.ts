import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { err, ok } from '../domain/index.ts';
import type { Result } from '../domain/index.ts';

/** A file that takes every line an agent prints, credentials blacked out. */
export interface Transcript {
  write(stream: 'stdout' | 'stderr', line: string): void;
  /** Waits until all of it is on disk; an error says why it is not. */
  close(): Promise<Result<void, string>>;
}

/** Characters written at once: an agent that floods us with short lines would else cost more memory than it writes. */
const BATCH = 64 * 1024;
/** Lines that come together and are written one by one; each more costs as much as a page of text. */
const SINGLY = 256;

/**
 * Starts a transcript at `file`, whose folder exists. Every line of it is a JSON object: what the agent prints as such stays as it is, and
 * other lines are `{"stdout": "…"}` or `{"stderr": "…"}`; of a flood, many lines share one.
 */
export function openTranscript(file: string, redact: (text: string) => string): Transcript {
  const stream = createWriteStream(file, { mode: 0o600 });
  const end = finished(stream).then(
    () => ok(undefined),
    (error: unknown) => err(error instanceof Error ? error.message : String(error)),
  );
  const batch = new Batch(redact);
  let flushing: NodeJS.Immediate | undefined;
  const flush = () => {
    const text = batch.take();
    if (text !== '' && stream.writable) stream.write(text);
  };
  const settle = () => {
    flushing = undefined;
    flush();
    batch.calm();
  };
  return {
    write: (from, line) => {
      batch.add(from, line);
      if (batch.size >= BATCH) flush();
      flushing ??= setImmediate(settle);
    },
    close: () => {
      clearImmediate(flushing);
      flush();
      stream.end();
      return end;
    },
  };
}

type Stream = 'stdout' | 'stderr';

/** Records that wait to be written. */
class Batch {
  readonly #redact: (text: string) => string;
  #records = '';
  /** Of a flood: lines of one stream that are to share a record. */
  #shared: { readonly from: Stream; readonly lines: string[] } | null = null;
  #sharedSize = 0;
  #lines = 0;

  constructor(redact: (text: string) => string) {
    this.#redact = redact;
  }

  get size(): number {
    return this.#records.length + this.#sharedSize;
  }

  add(from: Stream, line: string): void {
    this.#lines += 1;
    if (this.#lines > SINGLY && !isObject(from, line)) this.#share(from, line);
    else {
      this.#close();
      const text = this.#redact(line);
      this.#records += `${isObject(from, text) ? text : JSON.stringify({ [from]: text })}\n`;
    }
  }

  #share(from: Stream, line: string): void {
    if (this.#shared?.from !== from) this.#close();
    this.#shared ??= { from, lines: [] };
    this.#shared.lines.push(line);
    this.#sharedSize += line.length + 1;
  }

  #close(): void {
    if (this.#shared === null) return;
    const { from, lines } = this.#shared;
    this.#records += `${JSON.stringify({ [from]: this.#redact(lines.join('\n')) })}\n`;
    this.#shared = null;
    this.#sharedSize = 0;
  }

  take(): string {
    this.#close();
    const text = this.#records;
    this.#records = '';
    return text;
  }

  /** What comes next does not belong to a flood. */
  calm(): void {
    this.#lines = 0;
  }
}

/** Anything shorter tells nothing. */
const SHORTEST_OBJECT = 8;

function isObject(from: Stream, line: string): boolean {
  if (from !== 'stdout' || line.length < SHORTEST_OBJECT || !line.startsWith('{')) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    // Any program may print a brace.
    return false;
  }
}
