import type { RunEvent } from '../../src/domain/index.ts';
import { patiently } from './patience.ts';
import type { Running } from './project.ts';

/** What a `--json` run has said so far. Nothing is lost between two questions: an answer is looked for from where the last one was found. */
interface Feed {
  readonly events: RunEvent[];
  /** Where the next question begins. */
  from: number;
  /** Those who wait for something that has not been said. */
  readonly waiting: Set<() => void>;
}

const feeds = new WeakMap<Running, Feed>();

function feedOf(running: Running): Feed {
  const known = feeds.get(running);
  if (known !== undefined) return known;
  const feed: Feed = { events: [], from: 0, waiting: new Set() };
  let text = '';
  running.stdout.on('data', (chunk: Buffer | string) => {
    text += String(chunk);
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    feed.events.push(...lines.map((line) => JSON.parse(line) as RunEvent));
    for (const look of feed.waiting) look();
  });
  feeds.set(running, feed);
  return feed;
}

/** Resolves with the next event that is asked for; rejects when the run ends without it, or goes on and on. */
function event(
  running: Running,
  what: string,
  asked: (event: RunEvent) => boolean,
): Promise<RunEvent> {
  const feed = feedOf(running);
  const waited = new Promise<RunEvent>((resolve) => {
    const look = () => {
      const at = feed.events.findIndex((each, index) => index >= feed.from && asked(each));
      const found = feed.events[at];
      if (found === undefined) return;
      feed.from = at + 1;
      feed.waiting.delete(look);
      resolve(found);
    };
    feed.waiting.add(look);
    look();
  });
  return patiently({ what, running }, () => waited);
}

/** The first event with this number or a later one. */
export const lineOf = (running: Running, seq: number): Promise<RunEvent> =>
  event(running, `line ${seq}`, (each) => each.seq >= seq);

/** The next event of a type. */
export const eventOfType = (running: Running, type: RunEvent['type']): Promise<RunEvent> =>
  event(running, `event ${type}`, (each) => each.type === type);
