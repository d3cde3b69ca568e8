import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Result } from '../domain/index.ts';
import { err, ok } from '../domain/index.ts';

/** What is kept of the starts of one service, bytes. */
const LARGEST = 10 * 1024 * 1024;

/** Output of a service, appended to a file in the run folder, up to a cap. */
export interface ServiceLog {
  line(from: 'service' | 'factory', text: string): void;
  /** Settles when everything is on disk. Idempotent. */
  close(): Promise<void>;
}

/** A disk that fills up later costs lines, never the run. */
export function openLog(
  file: string,
  largest = LARGEST,
): Result<ServiceLog, { readonly detail: string }> {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (error) {
    return err({ detail: `the log folder cannot be made: ${(error as Error).message}` });
  }
  const out = createWriteStream(file, { flags: 'a' });
  let room = largest;
  out.on('error', () => {
    room = 0;
  });
  const closed = new Promise<void>((resolve) => {
    out.once('close', () => resolve());
  });
  return ok({
    line: (from, text) => {
      if (room <= 0 || out.writableEnded) return;
      const entry = `${from === 'factory' ? '-- ' : ''}${text}\n`;
      room -= Buffer.byteLength(entry);
      out.write(room > 0 ? entry : `-- the log ends here: it reached ${largest} bytes\n`);
    },
    close: () => {
      out.end();
      return closed;
    },
  });
}
