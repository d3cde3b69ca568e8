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

/** Starts a transcript at `file`, whose folder exists; lines of stderr are marked. */
export function openTranscript(file: string, redact: (text: string) => string): Transcript {
  const stream = createWriteStream(file, { mode: 0o600 });
  const end = finished(stream).then(
    () => ok(undefined),
    (error: unknown) => err(error instanceof Error ? error.message : String(error)),
  );
  return {
    write: (from, line) => {
      if (stream.writable) stream.write(`${from === 'stderr' ? '[stderr] ' : ''}${redact(line)}\n`);
    },
    close: () => {
      stream.end();
      return end;
    },
  };
}
