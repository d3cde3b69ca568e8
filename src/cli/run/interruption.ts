import { sweepMarker } from '../../process/index.ts';
import { EXIT } from '../exit.ts';
import type { World } from '../world.ts';

/** Being asked to stop, by a signal. */
export interface Interruption {
  /** From now on a second signal ends the processes with this marker, and `say` is how a person is told. */
  readonly during: (run: { readonly marker: string; readonly say: (text: string) => void }) => void;
  readonly signal: AbortSignal;
  readonly heard: () => NodeJS.Signals | null;
  readonly forget: () => void;
}

/** The first signal stops gracefully, the second at once. */
export function interruption(world: World): Interruption {
  const controller = new AbortController();
  let first: NodeJS.Signals | null = null;
  let marker: string | null = null;
  let say = (text: string): unknown => world.stderr.write(text);
  const forget = world.onSignal((signal) => {
    if (first !== null) {
      // No grace: it was given after the first one.
      const swept = marker === null ? Promise.resolve(0) : sweepMarker(marker, 0);
      void swept.finally(() => world.exit(codeOf(signal)));
      return;
    }
    first = signal;
    say(`\nStopping (${signal}); once more to stop at once. The same command resumes.\n`);
    controller.abort();
  });
  return {
    signal: controller.signal,
    heard: () => first,
    during: (run) => ({ marker, say } = run),
    forget,
  };
}

/** What a shell expects of a program ended by this signal. */
export const codeOf = (signal: NodeJS.Signals): number =>
  ({ SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated, SIGHUP: EXIT.hungUp })[
    signal as 'SIGINT'
  ] ?? EXIT.bug;
