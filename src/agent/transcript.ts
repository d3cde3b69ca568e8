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

/** Starts a transcript at `file`, whose folder exists; lines of stderr are marked. */
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
      pending += `${from === 'stderr' ? '[stderr] ' : ''}${redact(line)}\n`;
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
