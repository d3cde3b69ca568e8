import type { Duplex } from 'node:stream';
import { execa } from 'execa';
import { gated } from './gate.ts';
import { MARKER } from './marker.ts';
import type { Enclosure, SpawnPlan } from './plan.ts';

interface Start {
  readonly command: readonly [file: string, ...args: string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The one call that creates a process: in a group of its own (`detached`), with exactly the given environment. Limits and ending are
 * ours, because execa ends one process and we end all that came of it. `more` are its descriptors from 3 on.
 */
const start = (
  { command: [file, ...args], cwd, env }: Start,
  plan: SpawnPlan,
  more: readonly (Uint8Array | 'pipe')[] = [],
) =>
  execa(file, args, {
    cwd,
    env,
    extendEnv: false,
    detached: true,
    cleanup: false,
    buffer: false,
    reject: false,
    encoding: 'buffer',
    stdio: [
      plan.stdin === undefined && plan.talks !== true ? 'ignore' : 'pipe',
      'pipe',
      'pipe',
      ...more,
    ],
    ipc: plan.ipc === true,
  });

export type Child = ReturnType<typeof start>;

/** Starts a plan as the user. */
export const launch = (plan: SpawnPlan, marker: string): Child =>
  start({ ...plan, env: { ...plan.env, [MARKER]: marker } }, plan);

/** The message channel is the first descriptor after bwrap's own, and passes through bwrap. */
const channel = ({ channel: name = 'NODE_CHANNEL_FD', filter }: Enclosure) => ({
  [name]: filter === undefined ? '5' : '6',
  NODE_CHANNEL_SERIALIZATION_MODE: 'advanced',
});

/**
 * Starts a plan inside bwrap, which gets an empty environment: what the command needs is set inside. Its options come by descriptor 3,
 * 4 is the gate's, 5 the filter's.
 */
export function launchEnclosed(plan: SpawnPlan, enclosure: Enclosure, marker: string): Child {
  const { command, inside } = enclosure;
  const env = { ...enclosure.env, [MARKER]: marker, ...(plan.ipc === true && channel(enclosure)) };
  const settings = Object.entries(env).flatMap((entry) => ['--setenv', ...entry]);
  const { filter } = enclosure;
  const filtering = filter === undefined ? [] : ['--seccomp', '5'];
  const options = [...enclosure.options, ...filtering, '--clearenv', ...settings];
  return start(
    { command: [...command, '--args', '3', '--', ...gated(inside, marker)], cwd: '/', env: {} },
    plan,
    [
      Buffer.from(options.map((option) => `${option}\0`).join('')),
      'pipe',
      ...(filter === undefined ? [] : [filter]),
    ],
  );
}

/** Where the gate of an enclosed child asks to be let in. */
export const gateOf = (child: Child): Duplex => child.stdio[4] as Duplex;
