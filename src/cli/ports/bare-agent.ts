import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runAgent, type AgentChoice, type AgentRequest, type Caps } from '../../agent/index.ts';
import { removeTree, type Sandbox } from '../../process/index.ts';
import type { World } from '../world.ts';

/** What every evaluation agent of a run has in common. */
export interface EvaluationAgent {
  readonly world: World;
  readonly agent: AgentChoice;
  readonly caps: Caps;
  readonly templates: string;
  readonly scratch: string;
  readonly runDir: string;
  readonly sandbox: Sandbox;
  readonly marker: string;
}

type Asked = Pick<AgentRequest, 'role' | 'briefing' | 'unit' | 'schema'> & {
  /** What its transcript is called. */
  readonly name: string;
  /** How often such an agent was asked in this process, this time included; default 1. */
  readonly call?: number;
};

/** Runs an agent that must not find anything: in an empty folder, with an empty home, both gone afterwards. */
export async function runBareAgent(
  of: EvaluationAgent,
  { name, call = 1, ...asked }: Asked,
  signal: AbortSignal,
): ReturnType<typeof runAgent> {
  const stamped = `${name}-${of.world.now().getTime()}`;
  // Its path tells the agent nothing.
  const place = join(of.scratch, 'bare', randomUUID());
  const cwd = join(place, 'empty');
  const home = join(place, 'home');
  await mkdir(cwd, { recursive: true });
  try {
    return await runAgent(
      of.agent,
      {
        ...asked,
        iteration: call,
        cwd,
        home,
        transcriptFile: join(of.runDir, 'transcripts', asked.unit, `${stamped}.ndjson`),
        runDir: of.runDir,
        caps: of.caps,
        environment: of.world.env,
        sandbox: of.sandbox,
        view: { write: [cwd, home] },
        marker: of.marker,
      },
      signal,
    );
  } finally {
    await removeTree(place);
  }
}
