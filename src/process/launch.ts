import { execa } from 'execa';
import { MARKER } from './marker.ts';
import type { SpawnPlan } from './plan.ts';

/**
 * The one call that creates a process: in a group of its own (`detached`), with exactly the environment of the plan. Limits and
 * ending are ours, because execa ends one process and we end the whole group.
 */
export const launch = (plan: SpawnPlan, marker: string) => {
  const [file, ...args] = plan.command;
  return execa(file, args, {
    cwd: plan.cwd,
    env: { ...plan.env, [MARKER]: marker },
    extendEnv: false,
    detached: true,
    cleanup: false,
    buffer: false,
    reject: false,
    encoding: 'buffer',
    stdin: plan.stdin === undefined ? 'ignore' : 'pipe',
    ipc: plan.ipc === true,
  });
};

export type Child = ReturnType<typeof launch>;
