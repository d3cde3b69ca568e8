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

/**
 * Starts a transcript at `file`, whose folder exists. Every line of it is a JSON object: what the agent prints as such stays as it is, and
 * other lines are `{"stdout": "…"}` or `{"stderr": "…"}`.
 */
export function openTranscript(file: string, redact: (text: string) => string): Transcript {
  const stream = createWriteStream(file, { mode: 0o600 });
  const end = finished(stream).then(
    () => ok(undefined),
    (error: unknown) => err(error instanceof Error ? error.message : String(error)),
  );
  let pending = '';
  let flushing: NodeJS.Immediate | undefined;
  const flush = () => {
    clearImmediate(flushing);
    flushing = undefined;
    if (pending !== '' && stream.writable) stream.write(pending);
    pending = '';
  };
  return {
    write: (from, line) => {
      pending += `${asJson(from, redact(line))}\n`;
      if (pending.length >= BATCH) flush();
      else flushing ??= setImmediate(flush);
    },
    close: () => {
      flush();
      stream.end();
      return end;
    },
  };
}

function asJson(from: 'stdout' | 'stderr', line: string): string {
  if (from === 'stdout' && line.startsWith('{') && isJson(line)) return line;
  return JSON.stringify({ [from]: line });
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    // Any program may print a brace.
    return false;
  }
}
