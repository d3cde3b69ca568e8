import { join } from 'node:path';
import type { Infra, Question, Result, ServiceAnswer, ServiceTask } from '../domain/index.ts';
import { err, ok } from '../domain/index.ts';
import { bringUp, checkOut } from './bring-up.ts';
import type { Fault } from './blame.ts';
import type { Instance } from './instance.ts';
import type { Launch } from './launch.ts';
import type { ServiceLog } from './log.ts';
import { openLog } from './log.ts';
import type { ProductTree, ServiceOptions, SideFailure, SideInstance } from './options.ts';
import { sideInstances } from './side.ts';

const TREE = 'service';
const LOG = 'service/service.log';

export interface ServiceUnderTest {
  /** Brings the group's service to a commit and to health. */
  ready(task: ServiceTask, signal: AbortSignal): Promise<Result<ServiceAnswer, Infra>>;
  /** Ends everything, side instances and a start in flight included. Idempotent; `ready` may follow. */
  stop(): Promise<void>;
  /** The tree it runs in; null while it is not up. */
  served(): Pick<ProductTree, 'dir' | 'read'> | null;
  /** Runs `use` on an instance of its own, which is gone when this settles. */
  withProduct<T>(
    commit: string,
    use: (instance: SideInstance) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<Result<T, SideFailure>>;
}

interface Up {
  readonly instance: Instance;
  readonly source: string;
}

/** The service under test of one run, behind its front. */
export function createService(options: ServiceOptions): ServiceUnderTest {
  let up: Up | null = null;
  let tree: ProductTree | null = null;
  let log: ServiceLog | null = null;
  let commit: string | null = null;
  let decision = options.decided ?? null;
  let proven = options.healthyBefore ?? false;
  let closing = new AbortController();
  let inFlight: Promise<unknown> = Promise.resolve();
  const sides = sideInstances(options);

  async function takeDown(): Promise<void> {
    options.front.point(null);
    const was = up;
    up = null;
    await was?.instance.stop();
  }

  const answerReady = (source: string): Result<ServiceAnswer, Infra> =>
    ok({ kind: 'ready', commit: commit ?? '', url: options.front.url, source });

  async function start(
    task: ServiceTask,
    signal: AbortSignal,
  ): Promise<Result<ServiceAnswer, Infra>> {
    await takeDown();
    if (log === null) {
      const opened = openLog(join(options.runFolder, LOG));
      if (!opened.ok) return opened;
      log = opened.value;
    }
    const what = { commit: task.commit, name: TREE, decision, log };
    const brought = await bringUp(options, what, signal);
    if (!brought.ok) return brought;
    ({ tree } = brought.value);
    commit = task.commit;
    if (brought.value.launch === null) return ok({ kind: 'unclear', question: unknown, log: null });
    const { launch, start: started } = brought.value;
    if (started.kind !== 'up') return answerFault(started, launch, proven);
    up = { instance: started.instance, source: launch.source };
    proven = true;
    options.front.point(started.instance.address);
    return answerReady(launch.source);
  }

  /** Files are brought to the commit under the running service; one that does not answer any more is started once more. */
  async function check(was: Up, task: ServiceTask, signal: AbortSignal) {
    if (task.commit !== commit) {
      const moved = await checkOut(options, task.commit, { name: TREE, occupied: true });
      if (!moved.ok) return moved;
      const same = moved.value.dir === tree?.dir;
      tree = moved.value;
      commit = task.commit;
      if (!same) return start(task, signal);
    }
    const health = await was.instance.health();
    return health.healthy ? answerReady(was.source) : start(task, signal);
  }

  async function ready(task: ServiceTask, signal: AbortSignal) {
    await inFlight;
    ({ start: decision } = task);
    const either = AbortSignal.any([signal, closing.signal]);
    const work =
      task.action === 'check' && up !== null ? check(up, task, either) : start(task, either);
    // A bug in here reaches whoever called, never the way out.
    inFlight = Promise.allSettled([work]);
    return work;
  }

  async function stop(): Promise<void> {
    closing.abort();
    await inFlight;
    closing = new AbortController();
    await Promise.all([takeDown(), sides.stop()]);
    const [oldTree, oldLog] = [tree, log];
    [tree, log, commit] = [null, null, null];
    await oldTree?.dispose();
    await oldLog?.close();
  }

  return {
    ready,
    stop,
    served: () => (up === null ? null : tree),
    withProduct: (of, use, signal) => sides.use({ commit: of, decision, signal }, use),
  };
}

const unknown: Question = {
  subject: 'service',
  kind: 'service_unknown',
  detail:
    'no start command was found in CLAUDE.md, AGENTS.md, package.json or by the conventions of known frameworks',
};

/** Only a command that a person gave, or that worked before, can make its failure the product's. */
function answerFault(fault: Fault, launch: Launch, proven: boolean): Result<ServiceAnswer, Infra> {
  if (fault.kind === 'infra') return err({ detail: fault.detail });
  if (launch.source === 'declared' || proven) {
    return ok({ kind: 'failed', symptom: fault.symptom, detail: fault.detail, log: LOG });
  }
  const detail = `the start command found in ${launch.source} never led to a healthy service: ${fault.detail}`;
  const question: Question = { subject: 'service', kind: 'service_unhealthy', detail };
  return ok({ kind: 'unclear', question, log: LOG });
}
