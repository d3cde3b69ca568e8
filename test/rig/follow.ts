import type { RunEvent } from '../../src/domain/index.ts';
import type { Running } from './project.ts';

/** Resolves with the first event of a `--json` run that is asked for; rejects when the run ends without it. */
function event(running: Running, asked: (event: RunEvent) => boolean): Promise<RunEvent> {
  return new Promise((resolve, reject) => {
    let text = '';
    const look = (chunk: Buffer | string) => {
      text += String(chunk);
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      const found = lines.map((line) => JSON.parse(line) as RunEvent).find(asked);
      if (found === undefined) return;
      running.stdout.off('data', look);
      resolve(found);
    };
    running.stdout.on('data', look);
    void running.then((ended) =>
      reject(new Error(`the run ended without that event: ${ended.stderr}`)),
    );
  });
}

/** The first event with this number or a later one. */
export const lineOf = (running: Running, seq: number): Promise<RunEvent> =>
  event(running, (each) => each.seq >= seq);

/** The first event of a type. */
export const eventOfType = (running: Running, type: RunEvent['type']): Promise<RunEvent> =>
  event(running, (each) => each.type === type);
