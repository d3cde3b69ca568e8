import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import cliCursor from 'cli-cursor';
import { createLogUpdate } from 'log-update';
import stringWidth from 'string-width';
import type { RunState } from '../domain/index.ts';
import { linesFor } from './lines.ts';
import { liveView } from './live-view.ts';
import type { Moment, Reporter } from './reporter.ts';
import type { SummaryExtras } from './summary.ts';

export interface LiveOptions {
  /** A terminal. */
  readonly stream: NodeJS.WriteStream;
  /** Monotonic clock, ms. */
  readonly now: () => number;
  /** Pause between frames, ms. */
  readonly interval: number;
  readonly color: boolean;
  /** What only the caller knows of a summary; asked for each event. */
  readonly extras?: () => SummaryExtras;
}

export interface LiveReporter extends Reporter {
  /** Takes the frame away and gives the cursor back, e.g. for a prompt. */
  pause(): void;
  resume(): void;
}

/** What the frame shows anyway; everything else is worth keeping above it. */
const shownByFrame = new Set<Moment['event']['type']>([
  'code.started',
  'land.finished',
  'service.started',
  'service.ready',
  'checks.finished',
]);

/** Draws the live view below the lines that stay. The cursor comes back on `close`, `pause`, and when the process ends. */
export function createLiveReporter(options: LiveOptions): LiveReporter {
  const { stream, now, interval, color, extras = () => ({}) } = options;
  // The cursor is ours: log-update would hide the one of the process's own stderr, whatever stream it draws on.
  const draw = createLogUpdate(stream, { showCursor: true });
  const began = now();
  let state: RunState | null = null;
  /** When the agents of a provider go on, by our clock. */
  const resumes = new Map<string, number>();
  let paused = false;
  let visible = true;
  // The frame on the screen, and how wide the terminal was then.
  let drawn: readonly string[] = [];
  let width = stream.columns || 80;
  const cursor = (wanted: boolean) => {
    if (wanted === visible) return;
    visible = wanted;
    if (wanted) cliCursor.show(stream);
    else cliCursor.hide(stream);
  };
  const frame = () => {
    if (state === null || paused) return;
    // A terminal that does not know its size says 0.
    const columns = stream.columns || 80;
    // Room for two header lines, the line that counts the rest, and the one the cursor is on.
    const rows = Math.max(1, (stream.rows || 24) - 4);
    cursor(false);
    if (columns !== width) clear();
    const waits = new Map([...resumes].map(([name, at]) => [name, at - now()]));
    drawn = liveView(state, { columns, rows, elapsedMs: now() - began, color, waits });
    draw(drawn.join('\n'));
  };
  const timer = setInterval(frame, interval);
  // The view never keeps a finished process alive.
  timer.unref();
  const clear = () => {
    const columns = stream.columns || 80;
    if (columns === width) draw.clear();
    else {
      eraseReflowed(stream, drawn, columns);
      draw.done();
      width = columns;
    }
    drawn = [];
  };
  const hide = () => {
    clear();
    cursor(true);
  };
  return {
    name: 'live',
    report(moment) {
      ({ state } = moment);
      const { event } = moment;
      if (event.type === 'limit.waiting')
        resumes.set(event.provider, now() + Date.parse(event.until) - Date.parse(event.at));
      if (event.type === 'limit.lifted') resumes.delete(event.provider);
      const lines = shownByFrame.has(event.type) ? [] : linesFor(moment, extras());
      if (lines.length > 0) {
        clear();
        stream.write(`${lines.join('\n')}\n`);
      }
      // The last summary says it all; a frame below it would stay as clutter.
      if (moment.chronicle.ending === null) frame();
      else {
        state = null;
        cursor(true);
      }
    },
    pause() {
      paused = true;
      hide();
    },
    resume() {
      paused = false;
      frame();
    },
    close() {
      clearInterval(timer);
      paused = true;
      hide();
    },
  };
}

/** A terminal that was made narrower has broken the lines of the frame: it is higher now than when it was drawn. */
function eraseReflowed(
  stream: NodeJS.WriteStream,
  lines: readonly string[],
  columns: number,
): void {
  const rows = lines.reduce(
    (sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / columns)),
    0,
  );
  moveCursor(stream, 0, -rows);
  cursorTo(stream, 0);
  clearScreenDown(stream);
}
