import { z } from 'zod';
import { RunEvent } from '../domain/index.ts';
import type { Reporter } from './reporter.ts';

/** `--json`: each event as one line, as it is in the journal. */
export const ndjsonReporter = (write: (text: string) => void): Reporter => ({
  name: 'ndjson',
  report({ event }) {
    write(`${JSON.stringify(event)}\n`);
  },
  close() {
    // Nothing is held back.
  },
});

/**
 * JSON Schema (2020-12) of one line of `--json` and of the journal. Input form: readers should let fields pass that a later version adds, and the
 * output form would forbid them (and, in an intersection, everything).
 */
export const eventSchema = (): unknown => z.toJSONSchema(RunEvent, { io: 'input' });
