import {
  bellReporter,
  createLiveReporter,
  ndjsonReporter,
  plainReporter,
  type LiveReporter,
  type Reporter,
} from '../../report/index.ts';
import type { Opened } from '../run/open-run.ts';
import { canRedraw, isColourful, widthOf, type World } from '../world.ts';

/** Who tells of a run: a live view on a terminal, plain lines elsewhere, and events on stdout with `--json`. */
export function reportersFor(
  world: World,
  { log, repo }: Opened,
  json: boolean,
): { reporters: readonly Reporter[]; live: LiveReporter | null } {
  const began = world.ticks();
  const extras = () => {
    const columns = widthOf(world.stderr);
    return {
      runDir: log.dir,
      elapsedMs: world.ticks() - began,
      ...(repo.kind === 'branch' ? {} : { copiedTo: repo.project }),
      ...(columns === undefined ? {} : { columns }),
    };
  };
  const onStdout = json ? [ndjsonReporter((text) => world.stdout.write(text))] : [];
  if (!canRedraw(world) || json)
    return {
      reporters: [plainReporter((text) => world.stderr.write(text), extras), ...onStdout],
      live: null,
    };
  const live = createLiveReporter({
    stream: world.stderr as NodeJS.WriteStream,
    now: world.ticks,
    interval: 250,
    color: isColourful(world),
    extras,
  });
  return { reporters: [live, bellReporter((text) => world.stderr.write(text))], live };
}
