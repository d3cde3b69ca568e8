import { join } from 'node:path';
import type { Result, StartDecision } from '../domain/index.ts';
import { err, ok } from '../domain/index.ts';
import { bringUp } from './bring-up.ts';
import type { Instance } from './instance.ts';
import type { ServiceLog } from './log.ts';
import { openLog } from './log.ts';
import type { ServiceOptions, SideFailure, SideInstance } from './options.ts';
import { urlOf } from './ports.ts';

interface SideTask {
  readonly commit: string;
  readonly decision: StartDecision | null;
  readonly signal: AbortSignal | undefined;
}

/** Side instances of a run; each has a tree, a port and a log of its own. */
export interface Sides {
  use<T>(
    task: SideTask,
    use: (instance: SideInstance) => Promise<T>,
  ): Promise<Result<T, SideFailure>>;
  /** Ends those that are up or starting. */
  stop(): Promise<void>;
}

export function sideInstances(options: ServiceOptions): Sides {
  let count = 0;
  let closing = new AbortController();
  const running = new Set<Instance>();

  async function within<T>(
    { commit, decision, signal }: SideTask,
    { name, log }: { name: string; log: ServiceLog },
    use: (instance: SideInstance) => Promise<T>,
  ): Promise<Result<T, SideFailure>> {
    const either = AbortSignal.any([closing.signal, ...(signal === undefined ? [] : [signal])]);
    const brought = await bringUp(options, { commit, name, decision, log }, either);
    if (!brought.ok) return err({ ...brought.error, symptom: null });
    const { tree } = brought.value;
    try {
      if (brought.value.launch === null) {
        return err({ detail: 'it is not known how the service is started', symptom: null });
      }
      const { start } = brought.value;
      if (start.kind === 'infra') return err({ detail: start.detail, symptom: null });
      if (start.kind === 'unhealthy') return err({ detail: start.detail, symptom: start.symptom });
      const { instance } = start;
      running.add(instance);
      try {
        const { address } = instance;
        const { port, connect } = address;
        const { dir, read = [] } = tree;
        const way = connect === undefined ? {} : { connect };
        return ok(await use({ port, url: urlOf(address), dir, read, ...way }));
      } finally {
        running.delete(instance);
        await instance.stop();
      }
    } finally {
      await tree.dispose();
    }
  }

  return {
    use: async (task, use) => {
      count += 1;
      const name = `side-${count}`;
      const log = openLog(join(options.runFolder, 'service', `${name}.log`));
      if (!log.ok) return err({ ...log.error, symptom: null });
      try {
        return await within(task, { name, log: log.value }, use);
      } finally {
        await log.value.close();
      }
    },
    stop: async () => {
      closing.abort();
      closing = new AbortController();
      await Promise.all([...running].map((instance) => instance.stop()));
    },
  };
}
