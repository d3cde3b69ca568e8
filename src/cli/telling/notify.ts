import { BASE_ENVIRONMENT, environment, run, type Exit } from '../../process/index.ts';
import { callOf, type Reporter } from '../../report/index.ts';
import { lastLine } from '../../service/index.ts';
import type { Opened } from '../run/open-run.ts';
import type { World } from '../world.ts';

const MOST_MS = 10_000;

export interface Notifying {
  /** Told one line. */
  readonly warn: (line: string) => void;
  /** What one call of the hook may take, and so what the end of a run waits at most. Default 10 s. */
  readonly mostMs?: number;
}

/** Of the run that is told of. */
interface Notified {
  readonly project: string;
  readonly log: Pick<Opened['log'], 'id'>;
  readonly settings: Pick<Opened['settings'], 'notify'>;
}

export interface Notifier extends Reporter {
  /** Until no call of the hook is under way. Never rejects. */
  settled(): Promise<void>;
}

/**
 * The user's own command, called with the event as JSON on stdin at a question, the end of a group and the end of the process. Calls run beside
 * the run and each other, so that a slow one holds up nothing; of the first that fails `warn` is told one line, of later ones nothing.
 */
export function notifierFor(
  world: World,
  { project, log, settings: { notify } }: Notified,
  { warn, mostMs = MOST_MS }: Notifying,
): Notifier | null {
  if (notify === null) return null;
  const underWay = new Set<Promise<void>>();
  let warned = false;
  const judge = (exit: Exit): void => {
    if (warned || (exit.cause === 'exited' && exit.code === 0)) return;
    warned = true;
    const words = lastLine(exit.stderr);
    warn(
      `The notify command ${exit.summary}${words === '' ? '' : `: ${words}`}. The run does not mind; no more is said of it.\n`,
    );
  };
  return {
    name: 'notify',
    report(moment) {
      const message = callOf(moment);
      if (message === null) return;
      const plan = {
        label: 'the notify command',
        command: ['sh', '-c', notify] as const,
        cwd: project,
        env: environment(world.env, BASE_ENVIRONMENT, {
          FACTORY_SPEC: moment.state.plan.spec,
          FACTORY_MESSAGE: message,
        }),
        stdin: `${JSON.stringify(moment.event)}\n`,
        limits: { wallMs: mostMs, graceMs: 500, keepBytes: 4096 },
        marker: log.id,
      };
      const call = run(plan, { kind: 'none' })
        .then(judge)
        .finally(() => underWay.delete(call));
      underWay.add(call);
    },
    close() {
      // Calls under way are waited for by `settled`.
    },
    async settled() {
      await Promise.all(underWay);
    },
  };
}
